/** Writes a sweep into a folder: the page, and the rows for scripts. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeFailed } from '../../store/index.ts'
import { readDrawnAssets } from '../page-assets.ts'
import { sweepPage } from './sweep-page.ts'
import type { SweepResult } from './sweep-result.ts'

/** Absolute paths of what {@link writeSweep} has written. */
export interface SweepFiles {
  readonly html: string
  readonly json: string
}

/**
 * Writes `index.html` (one self-contained page) and `sweep.json`, each whole or not at all.
 *
 * @param json what `sweep --json` prints
 * @throws LobtraderError WRITE_FAILED naming the path, ABSENT_FILE when the page was never built
 */
export async function writeSweep(
  result: SweepResult,
  json: unknown,
  dir: string,
): Promise<SweepFiles> {
  const folder = resolve(dir)
  const html = join(folder, 'index.html')
  const jsonFile = join(folder, 'sweep.json')
  const page = sweepPage(result, readDrawnAssets('sweep'))
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw writeFailed('write', folder, error)
  }
  await writeWhole(jsonFile, `${JSON.stringify(json, null, 2)}\n`)
  await writeWhole(html, page)
  return { html, json: jsonFile }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.writing-${process.pid}`
  try {
    await writeFile(aside, text)
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw writeFailed('write', path, error)
  }
}
