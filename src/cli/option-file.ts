/** Files that options name. */
import { readFileSync } from 'node:fs'
import { DataError } from '../core/index.ts'

/**
 * Returns the text of a file.
 *
 * @param option for the message, such as `--rules`
 * @throws DataError ABSENT_FILE naming the file and the option
 */
export function readOptionFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new DataError('ABSENT_FILE', `there is no such file (${option})`, { file: path })
  }
}
