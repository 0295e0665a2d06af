/** Makes what the page draws from a record. */
import type { RunRecord } from '../engine/index.ts'
import { ORDER_TYPES } from '../order/index.ts'
import { instrumentNames, sizeUnit } from './figures.ts'
import { spanText } from './number-text.ts'
import { packColumn } from './pack-column.ts'
import type { PackedColumn, PackedTable, PageData } from './page-contract.ts'
import { fillHorizonNs, markoutCurve } from './report-horizons.ts'
import { thinRows } from './thin-rows.ts'

/** Rows beyond which a table is thinned out, so that the page stays a page. */
export const PAGE_ROWS = { account: 300_000, mids: 1_000_000, fills: 200_000, quotes: 500_000 }

/** Returns what the page draws. */
export function pageData(record: RunRecord): PageData {
  const { instrument } = record
  const markoutHorizon = fillHorizonNs(record)
  return {
    source: record.source,
    epochNs: String(record.epochNs),
    fromTime: record.fromTime,
    toTime: record.toTime,
    sampleNs: record.samples.intervalNs,
    settlement: record.currency,
    quote: instrument.quote,
    sizeUnit: sizeUnit(record),
    tickSize: instrument.tickSize,
    priceDecimals: instrument.priceGrid.scale,
    sizeDecimals: instrument.sizeGrid.scale,
    instruments: instrumentNames(record.instruments).map((name, i) => ({
      name,
      priceDecimals: record.instruments[i]!.priceGrid.scale,
      sizeDecimals: record.instruments[i]!.sizeGrid.scale,
    })),
    markoutLabel: spanText(markoutHorizon),
    account: accountTable(record),
    mids: midTable(record),
    fills: fillTable(record, markoutHorizon),
    quotes: quoteTable(record),
    depth: depthOf(record),
    markouts: markoutCurve(record),
  }
}

type Columns<Name extends string> = Readonly<
  Record<Name, Float64Array | Float32Array | Int8Array | Uint8Array>
>

function table<Name extends string>(
  columns: Columns<Name>,
  rows: Uint32Array,
  rowsBefore: number,
): PackedTable<Name> {
  const packed = Object.entries<Columns<Name>[Name]>(columns).map(([name, column]) => {
    const kept =
      rows.length === column.length
        ? column
        : column.constructor === Float64Array
          ? Float64Array.from(rows, (row) => column[row]!)
          : Int8Array.from(rows, (row) => column[row]!)
    return [name, packColumn(kept)]
  })
  return {
    length: rows.length,
    rowsBefore,
    columns: Object.fromEntries(packed) as Record<Name, PackedColumn>,
  }
}

function accountTable({ samples }: RunRecord): PageData['account'] {
  const of = (column: Float64Array): Float64Array => column.subarray(0, samples.length)
  const columns = {
    time: of(samples.time),
    equity: of(samples.equity),
    fees: of(samples.fees),
    position: of(samples.position),
    mark: of(samples.mark),
    bidPrice: of(samples.bidPrice),
    askPrice: of(samples.askPrice),
    ownBid: of(samples.ownBid),
    ownAsk: of(samples.ownAsk),
  }
  const seen = [columns.equity, columns.position, columns.mark]
  return table(columns, thinRows(seen, PAGE_ROWS.account), samples.length)
}

function midTable({ mids, fromTime, toTime }: RunRecord): PageData['mids'] {
  let to = mids.length
  while (to > 0 && mids.time[to - 1]! > toTime) to--
  const time = mids.time.slice(0, to)
  // The first mid may be older than the window: it is what stood when the window opened.
  if (to > 0 && time[0]! < fromTime) time[0] = fromTime
  const mid = mids.mid.subarray(0, to)
  return table({ time, mid }, thinRows([mid], PAGE_ROWS.mids), mids.length)
}

function fillTable(record: RunRecord, horizonNs: number): PageData['fills'] {
  const { fills } = record
  const markout = new Float64Array(fills.length).fill(Number.NaN)
  const rowOf = new Uint32Array(record.instruments.length)
  for (let i = 0; i < fills.length; i++) {
    const instrument = fills.instrument[i]!
    const { mids } = record.byInstrument[instrument] ?? record
    let row = rowOf[instrument]!
    const later = fills.localTime[i]! + horizonNs
    if (later > record.toTime) continue
    // Fills mostly come in order of time, so the place of the last one is near.
    while (row > 0 && mids.time[row]! > later) row--
    while (row + 1 < mids.length && mids.time[row + 1]! <= later) row++
    rowOf[instrument] = row
    if (row >= mids.length || mids.time[row]! > later) continue
    const price = fills.price[i]!
    markout[i] = ((fills.side[i]! * (mids.mid[row]! - price)) / price) * 1e4
  }
  const { length, ...columns } = { ...fills, instrument: Float64Array.from(fills.instrument) }
  const first = Math.max(0, length - PAGE_ROWS.fills)
  const rows = Uint32Array.from({ length: length - first }, (_, i) => first + i)
  return table({ ...columns, markout }, rows, length)
}

function quoteTable({ orders, toTime }: RunRecord): PageData['quotes'] {
  const limit = ORDER_TYPES.indexOf('limit')
  const resting = Array.from({ length: orders.length }, (_, i) => i).filter(
    (i) => orders.type[i] === limit && !Number.isNaN(orders.acceptLocal[i]!),
  )
  const of = (value: (row: number) => number): Float64Array => Float64Array.from(resting, value)
  const columns = {
    side: Int8Array.from(resting, (row) => orders.side[row]!),
    price: of((row) => orders.price[row]!),
    from: of((row) => orders.acceptLocal[row]!),
    to: of((row) => (Number.isNaN(orders.doneLocal[row]!) ? toTime : orders.doneLocal[row]!)),
  }
  const first = Math.max(0, resting.length - PAGE_ROWS.quotes)
  const rows = Uint32Array.from({ length: resting.length - first }, (_, i) => first + i)
  return table(columns, rows, resting.length)
}

function depthOf({ depth }: RunRecord): PageData['depth'] {
  if (depth === undefined) return null
  const { times, prices, priceFirst, priceStep } = depth
  return {
    times,
    prices,
    priceFirst,
    priceStep,
    time: packColumn(depth.time),
    size: packColumn(depth.size),
  }
}
