/** Writes the files of a report together. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFailed } from '../store/index.ts'

/**
 * Writes texts into a folder by their names. They are written aside and then renamed; when anything
 * fails nothing new stays behind, a folder made for them included.
 *
 * @throws LobtraderError WRITE_FAILED naming the path
 */
export async function writeFiles(
  folder: string,
  texts: Readonly<Record<string, string | Iterable<string>>>,
): Promise<void> {
  const made = await attempt(folder, () => mkdir(folder, { recursive: true }))
  try {
    const aside = await attempt(folder, () => mkdtemp(join(folder, '.writing-')))
    try {
      for (const [name, text] of Object.entries(texts)) {
        await attempt(join(folder, name), () => writeFile(join(aside, name), text))
      }
      for (const name of Object.keys(texts)) {
        await attempt(join(folder, name), () => rename(join(aside, name), join(folder, name)))
      }
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true })
    throw error
  }
}

async function attempt<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw writeFailed('write', path, error)
  }
}
