/** Writes the page of a data-quality report. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { QualityReport } from '../../feed/index.ts'
import { writeFailed } from '../../store/index.ts'
import { readDrawnAssets } from '../page-assets.ts'
import { qualityPage } from './quality-page.ts'

/**
 * Writes one self-contained page; it appears whole or not at all.
 *
 * @returns its absolute path
 * @throws LobtraderError WRITE_FAILED naming the path, ABSENT_FILE when the page was never built
 */
export async function writeQualityPage(report: QualityReport, file: string): Promise<string> {
  const path = resolve(file)
  const text = qualityPage(report, readDrawnAssets('quality'))
  const aside = `${path}.writing-${process.pid}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(aside, text)
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw writeFailed('write', path, error)
  }
  return path
}
