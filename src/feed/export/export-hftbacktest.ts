/** Event arrays for hftbacktest 2 (`.npz`). */
import { LobtraderError } from '../../core/index.ts'
import {
  EventWriter,
  KIND_MASK,
  Instrument,
  EventKind,
  sliceEvents,
  type EventColumns,
} from '../../market/index.ts'
import {
  attempt,
  requireRows,
  rowWindow,
  writeAtomically,
  writeFully,
  type ExportResult,
  type PartitionInfo,
  type Store,
  type StoreQuery,
} from '../../store/index.ts'
import { RECORD_FIELDS } from '../import/hftbacktest/event-record.ts'
import { OWN_ENTRY } from '../import/hftbacktest/own-entry.ts'
import { ZipWriter, npyHeader } from './npz-file.ts'
import { recordColumns, type RecordColumns } from './record-columns.ts'
import { RecordWriter } from './record-writer.ts'
import { inBothOrders } from './two-orders.ts'

/** Name that hftbacktest gives to the array. */
const ARRAY_NAME = 'data.npy'

/** Records that are put together before they are packed. */
const BATCH_RECORDS = 1 << 15

/** How {@link exportHftbacktest} chooses rows. */
export interface HftbacktestExportOptions {
  /** Add the ticker as `DEPTH_BBO` records, which only the local side sees. Default: false. */
  readonly withBbo?: boolean | undefined
}

/** What was written, and what the format could not hold. */
export interface HftbacktestExport extends ExportResult {
  readonly leftOut: number
}

/**
 * Writes the rows of a query as one array that hftbacktest 2 reads, whole or not at all.
 *
 * The array has 64-byte records `ev, exch_ts, local_ts, px, qty, order_id, ival, fval` in an order
 * that serves both sides (`validate_event_order` passes); `ival` holds our sequence number, which
 * hftbacktest does not read. Without a kind the `l2` rows are written, or the `l3` rows where there
 * are no others. All rows of the query are in memory at once: export day by day where they are many.
 *
 * @throws LobtraderError WRITE_FAILED, OUT_OF_RANGE when no row is selected, UNSUPPORTED when the
 *   format can hold none of them, and as `Store.loadJoined`
 */
export function exportHftbacktest(
  store: Store,
  query: StoreQuery,
  outPath: string,
  options: HftbacktestExportOptions = {},
): HftbacktestExport {
  const selected = chosenKind(requireRows(store, query), query)
  const instrument = new Instrument(selected[0]!.instrument)
  let events = cut(store.loadJoined(selected), query)
  if (options.withBbo === true) {
    const bbo = store.select({ ...query, kind: 'bbo' })
    if (bbo.length > 0) events = merged(events, cut(store.loadJoined(bbo), query))
  }
  const records = recordColumns(events, instrument)
  if (records.length === 0) {
    throw new LobtraderError(
      'UNSUPPORTED',
      `hftbacktest has no records for the rows of kind ${selected[0]!.kind}; it holds levels, trades, tickers and orders`,
      { kind: selected[0]!.kind },
    )
  }
  return writeAtomically(outPath, (fd) => {
    const put = (bytes: Uint8Array, position: number): void => {
      attempt('write', outPath, () => writeFully(fd, bytes, position))
    }
    const { rows, bytes } = writeArray(records, put)
    return { files: [outPath], rows, bytes, leftOut: records.leftOut }
  })
}

function writeArray(
  records: RecordColumns,
  put: (bytes: Uint8Array, position: number) => void,
): { readonly rows: number; readonly bytes: number } {
  let rows = 0
  inBothOrders(records, () => void rows++)
  const zip = new ZipWriter(put)
  zip.begin(ARRAY_NAME)
  zip.write(npyHeader(RECORD_FIELDS, rows))
  const writer = new RecordWriter(records, BATCH_RECORDS, (batch) => zip.write(batch))
  inBothOrders(records, (record, seen) => writer.add(record, seen))
  writer.finish()
  zip.begin(OWN_ENTRY)
  zip.write(Buffer.from('{"version":1}\n'))
  return { rows, bytes: zip.finish() }
}

/** A book is levels or orders, never both in one array. */
function chosenKind(found: readonly PartitionInfo[], query: StoreQuery): readonly PartitionInfo[] {
  if (query.kind !== undefined) return found
  const kind = ['l2', 'l3'].find((name) => found.some((info) => info.kind === name))
  return kind === undefined
    ? found.filter((info) => info.kind === found[0]!.kind)
    : found.filter((info) => info.kind === kind)
}

function cut(events: EventColumns, query: StoreQuery): EventColumns {
  const { from, to } = rowWindow(events, query)
  return sliceEvents(events, from, to)
}

/** Rows of both in local order, those of the book first at equal times. */
function merged(book: EventColumns, ticker: EventColumns): EventColumns {
  const writer = new EventWriter(book.epochNs, book.length + ticker.length)
  const shift = Number(ticker.epochNs - book.epochNs)
  const push = (
    { localTime, exchTime, code, tick, lots, orderRef, seq }: EventColumns,
    i: number,
    by: number,
  ): void =>
    writer.push(
      localTime[i]! + by,
      exchTime[i]! + by,
      code[i]!,
      tick[i]!,
      lots[i]!,
      orderRef[i]!,
      seq[i]!,
    )
  let at = 0
  for (let i = 0; i < ticker.length; i++) {
    if ((ticker.code[i]! & KIND_MASK) !== EventKind.Bbo) continue
    const time = ticker.localTime[i]! + shift
    while (at < book.length && book.localTime[at]! <= time) push(book, at++, 0)
    push(ticker, i, shift)
  }
  while (at < book.length) push(book, at++, 0)
  return writer.finish()
}
