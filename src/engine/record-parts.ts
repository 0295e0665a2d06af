/** Cuts the tables of a run over several instruments into those of each. */
import type { FillColumns, OrderColumns } from './run-record.ts'

type Table = OrderColumns | FillColumns

/** Returns the rows of one instrument, as the table of a run over it alone. */
export function rowsOfInstrument<T extends Table>(table: T, instrument: number): T {
  const rows: number[] = []
  for (let row = 0; row < table.length; row++) {
    if (table.instrument[row] === instrument) rows.push(row)
  }
  const columns = Object.entries(table).map(([name, column]: [string, unknown]) => {
    if (name === 'length') return [name, rows.length]
    if (name === 'instrument') return [name, new Uint16Array(rows.length)]
    return [name, picked(column as Float64Array, rows)]
  })
  return Object.fromEntries(columns) as T
}

function picked<T extends Float64Array | Int8Array | Uint8Array>(column: T, rows: number[]): T {
  const make = column.constructor as new (length: number) => T
  const out = new make(rows.length)
  for (const [i, row] of rows.entries()) out[i] = column[row]!
  return out
}
