/** Writes the report of a run into a folder. */
import { join, resolve } from 'node:path'
import type { ReportFiles, RunRecord } from '../engine/index.ts'
import { fillsCsv, ordersCsv } from './order-tables.ts'
import { readPageAssets } from './page-assets.ts'
import { reportPage } from './page.ts'
import { runJson } from './run-json.ts'
import { writeFiles } from './write-files.ts'

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
  await writeFiles(folder, texts)
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
