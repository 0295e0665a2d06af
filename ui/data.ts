/** What the page found in its data element, unpacked. */
import type {
  AccountColumn,
  FillColumn,
  PageData,
  QuoteColumn,
} from '../src/report/page-contract.ts'
import { unpackColumn, unpackTable, type Table } from './columns.ts'
import { find } from './dom.ts'
import type { Depth } from './heatmap-layer.ts'

/** All that is drawn. */
export interface RunData {
  readonly page: PageData
  readonly account: Table<AccountColumn>
  readonly mids: Table<'time' | 'mid'>
  readonly fills: Table<FillColumn>
  readonly quotes: Table<QuoteColumn>
  readonly depth: Depth | undefined
}

/** Reads and unpacks the data element of the page. */
export async function readData(): Promise<RunData> {
  const page = JSON.parse(find('#data').textContent) as PageData
  const [account, mids, fills, quotes, depth] = await Promise.all([
    unpackTable(page.account),
    unpackTable(page.mids),
    unpackTable(page.fills),
    unpackTable(page.quotes),
    readDepth(page),
  ])
  return { page, account, mids, fills, quotes, depth }
}

async function readDepth(page: PageData): Promise<Depth | undefined> {
  if (page.depth === null) return undefined
  const { times, prices, priceFirst, priceStep } = page.depth
  const [time, size] = await Promise.all([
    unpackColumn(page.depth.time),
    unpackColumn(page.depth.size),
  ])
  return {
    times,
    prices,
    priceFirst,
    priceStep,
    time: time as Float64Array,
    size: size as Float32Array,
    end: page.toTime,
    tickSize: page.tickSize,
    priceDecimals: page.priceDecimals,
    sizeUnit: page.sizeUnit,
  }
}
