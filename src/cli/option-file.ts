/** Files that options and arguments name. */
import { readFileSync } from 'node:fs'
import { DataError } from '../core/index.ts'

/** What the operating system says of a path that is no file to be read. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'is a folder or a device, expected a file',
  EACCES: 'the file may not be read (permission denied)',
  EPERM: 'the file may not be read (permission denied)',
}

/**
 * Returns the bytes of a file.
 *
 * @param option the option that names it, for the message; absent for an argument
 * @throws DataError ABSENT_FILE, or BAD_ARGUMENT for a folder, naming the file and the option
 */
export function readNamedFile(path: string, option?: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = REASONS[code]
    if (reason === undefined) throw error
    const message = option === undefined ? reason : `${reason} (${option})`
    // As an import says it of its files.
    const ours = code === 'EISDIR' ? 'BAD_ARGUMENT' : 'ABSENT_FILE'
    throw new DataError(ours, message, { file: path })
  }
}

/**
 * Returns the text of a file.
 *
 * @param option for the message, such as `--rules`
 * @throws DataError ABSENT_FILE, or BAD_ARGUMENT for a folder, naming the file and the option
 */
export function readOptionFile(option: string, path: string): string {
  return readNamedFile(path, option).toString('utf8')
}
