/** Cuts the tables of a run over several instruments into those of each. */
import type { FillColumns, OrderColumns } from './run-record.ts'

type Table = OrderColumns | FillColumns

/** Returns the rows of each instrument, by its number, as the table of a run over it alone. */
export function cutByInstrument<T extends Table>(table: T, instruments: number): readonly T[] {
  return rowsByInstrument(table.instrument, instruments).map((rows) => partOf(table, rows))
}

/** By instrument: the rows that are its own, in order. */
function rowsByInstrument(instrumentOf: Uint16Array, instruments: number): readonly Int32Array[] {
  const counts = new Int32Array(instruments)
  for (const instrument of instrumentOf) counts[instrument]!++
  const found = Array.from(counts, (count) => new Int32Array(count))
  counts.fill(0)
  for (let row = 0; row < instrumentOf.length; row++) {
    const instrument = instrumentOf[row]!
    found[instrument]![counts[instrument]!++] = row
  }
  return found
}

function partOf<T extends Table>(table: T, rows: Int32Array): T {
  const columns = Object.entries(table).map(([name, column]: [string, unknown]) => {
    if (name === 'length') return [name, rows.length]
    if (name === 'instrument') return [name, new Uint16Array(rows.length)]
    if (column instanceof Float64Array) return [name, pickedDoubles(column, rows)]
    return [name, pickedBytes(column as Int8Array | Uint8Array, rows)]
  })
  return Object.fromEntries(columns) as T
}

function pickedDoubles(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!
  return out
}

function pickedBytes<T extends Int8Array | Uint8Array>(column: T, rows: Int32Array): T {
  const out = new (column.constructor as new (length: number) => T)(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!
  return out
}
