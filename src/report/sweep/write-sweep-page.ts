/** Writes a sweep into a folder: the page, and the rows for scripts. */
import { join, resolve } from 'node:path'
import { readDrawnAssets } from '../page-assets.ts'
import { writeFiles } from '../write-files.ts'
import { sweepPage } from './sweep-page.ts'
import type { SweepResult } from './sweep-result.ts'

/** Absolute paths of what {@link writeSweep} has written. */
export interface SweepFiles {
  readonly html: string
  readonly json: string
}

/**
 * Writes `index.html` (one self-contained page) and `sweep.json`, both or neither.
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
  await writeFiles(folder, {
    'sweep.json': `${JSON.stringify(json, null, 2)}\n`,
    'index.html': sweepPage(result, readDrawnAssets('sweep')),
  })
  return { html: join(folder, 'index.html'), json: join(folder, 'sweep.json') }
}
