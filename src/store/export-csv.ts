/** CSV with exact decimals, one line an event. */
import { codeSide } from '../market/index.ts'
import { attempt, writeAtomically, writeFully } from './disk.ts'
import {
  exportParts,
  hasPrice,
  hasSize,
  kindWord,
  requireRows,
  visibilityWord,
  type ExportPart,
} from './export-rows.ts'
import type { Store, StoreQuery } from './store.ts'

/** What an export has written. */
export interface ExportResult {
  readonly files: readonly string[]
  readonly rows: number
  readonly bytes: number
}

/** Columns of the CSV form of rows. */
export const EXPORT_CSV_HEADER =
  'local_time_ns,exch_time_ns,kind,side,price,size,tick,lots,order_ref,seq,visibility'

/** Lines that are put together before they are written. */
const LINES = 8192

/**
 * Writes the rows of a query as CSV, partition by partition in the order of the store.
 *
 * Columns: Unix nanoseconds, kind of event, side (1, -1 or 0), price and size as exact decimals
 * (empty where the kind has none), the integers behind them, order reference (-1 for none),
 * sequence, and which side sees the row. A cell is a number or one of our own words, so that a
 * spreadsheet finds no formula in it. The file appears complete or not at all.
 *
 * @throws LobtraderError WRITE_FAILED, OUT_OF_RANGE when no row is selected, and as `Store.read`
 */
export function exportCsv(store: Store, query: StoreQuery, outPath: string): ExportResult {
  requireRows(store, query)
  return writeAtomically(outPath, (fd) => {
    let rows = 0
    let bytes = 0
    const put = (text: string): void => {
      const part = Buffer.from(text)
      attempt('write', outPath, () => writeFully(fd, part, bytes))
      bytes += part.length
    }
    put(`${EXPORT_CSV_HEADER}\n`)
    for (const part of exportParts(store, query)) {
      for (let from = part.from; from < part.to; from += LINES) {
        put(csvLines(part, from, Math.min(part.to, from + LINES)))
      }
      rows += part.to - part.from
    }
    return { files: [outPath], rows, bytes }
  })
}

function csvLines({ events, instrument }: ExportPart, from: number, to: number): string {
  const { epochNs, localTime, exchTime, code, tick, lots, orderRef, seq } = events
  const lines: string[] = []
  for (let i = from; i < to; i++) {
    const event = code[i]!
    const cells = [
      epochNs + BigInt(localTime[i]!),
      epochNs + BigInt(exchTime[i]!),
      kindWord(event),
      codeSide(event),
      hasPrice(event) ? gridText(tick[i]!, instrument.priceGrid) : '',
      hasSize(event) ? gridText(lots[i]!, instrument.sizeGrid) : '',
      tick[i]!,
      lots[i]!,
      orderRef[i]!,
      seq[i]!,
      visibilityWord(event),
    ]
    lines.push(cells.join(','))
  }
  return `${lines.join('\n')}\n`
}

/** Returns the exact decimal of a grid point, with all the places of the grid. */
function gridText(index: number, grid: { readonly step: number; readonly scale: number }): string {
  const mantissa = index * grid.step
  const isNegative = mantissa < 0
  const digits = Number.isSafeInteger(mantissa)
    ? String(Math.abs(mantissa))
    : String(BigInt(Math.abs(index)) * BigInt(grid.step))
  if (grid.scale === 0) return (isNegative ? '-' : '') + digits
  const padded = digits.padStart(grid.scale + 1, '0')
  const point = padded.length - grid.scale
  return `${isNegative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`
}
