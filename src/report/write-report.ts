/** Writes the report of a run into a folder. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ReportFiles, RunRecord } from '../engine/index.ts'
import { writeFailed } from '../store/index.ts'
import { fillsCsv, ordersCsv } from './order-tables.ts'
import { readPageAssets } from './page-assets.ts'
import { reportPage } from './page.ts'
import { runJson } from './run-json.ts'

/**
 * Writes `index.html` (one self-contained page), `run.json`, `orders.csv` and `fills.csv`; of a run
 * over several instruments also a page for each, to which the first one leads.
 *
 * Files are written aside and then renamed; when anything fails nothing new stays behind, a folder
 * made for them included.
 *
 * @returns absolute paths of the files
 * @throws LobtraderError WRITE_FAILED naming the path, ABSENT_FILE when the page was never built
 */
export async function writeReport(record: RunRecord, dir: string): Promise<ReportFiles> {
  const folder = resolve(dir)
  const texts: Readonly<Record<string, string | Iterable<string>>> = {
    'run.json': `${JSON.stringify(runJson(record), null, 2)}\n`,
    'orders.csv': ordersCsv(record),
    'fills.csv': fillsCsv(record),
    ...pagesOf(record),
  }
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
  return {
    html: join(folder, 'index.html'),
    json: join(folder, 'run.json'),
    orders: join(folder, 'orders.csv'),
    fills: join(folder, 'fills.csv'),
  }
}

/** The page of the run, and one for each of several instruments. */
function pagesOf(record: RunRecord): Readonly<Record<string, string>> {
  const assets = readPageAssets()
  const names = record.byInstrument.map(
    ({ instrument: { venue, symbol } }, i) => `${i + 1}-${venue}-${symbol}.html`,
  )
  const pages = record.byInstrument.map((part, i) => [
    names[i]!,
    reportPage(part, assets, { all: 'index.html' }),
  ])
  return {
    'index.html': reportPage(record, assets, { instruments: names }),
    ...(Object.fromEntries(pages) as Record<string, string>),
  }
}

async function attempt<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw writeFailed('write', path, error)
  }
}
