/** Words of the column `kind`, and ids of orders. */
import type { CsvFields } from '../table/csv-fields.ts'
import type { CsvRows } from './csv-options.ts'

/** What a row says. */
export type RowWord = 'trade' | 'snapshot' | 'level' | 'add' | 'modify' | 'cancel' | 'execute'

const LEVEL_WORDS = words({
  snapshot: 'snapshot snap true partial s',
  level: 'update set delta change depth level false l2update u d delete remove depth_set',
  trade: 'trade t',
})
const ORDER_WORDS = words({
  add: 'add new insert open a order_add created order_created submit received',
  modify: 'modify change update replace m order_modify changed order_changed amend',
  cancel: 'cancel delete remove deleted done c d order_cancel order_deleted',
  execute: 'execute execution fill match matched e f order_execute filled',
  trade: 'trade t',
})

function words(of: Readonly<Partial<Record<RowWord, string>>>): ReadonlyMap<string, RowWord> {
  return new Map(
    Object.entries(of).flatMap(([kind, text]) =>
      text.split(' ').map((word) => [word, kind as RowWord] as const),
    ),
  )
}

/** Returns what a row says. @throws DataError BAD_FIELD for an unknown word */
export function rowWord(fields: CsvFields, column: number, rows: CsvRows): RowWord {
  if (rows === 'trades') return 'trade'
  if (column < 0) return 'level'
  const known = rows === 'orders' ? ORDER_WORDS : LEVEL_WORDS
  const found = known.get(fields.row.text(column).toLowerCase())
  if (found !== undefined) return found
  throw fields.bad(column, `one of ${[...new Set(known.values())].join(', ')}`)
}

/** Reads an order id as two unsigned 32-bit halves. @throws DataError BAD_FIELD */
export function orderHalves(
  fields: CsvFields,
  column: number,
  into: { high: number; low: number },
): void {
  const text = fields.row.text(column)
  const id = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n
  if (id < 0n || id >= 1n << 64n) throw fields.bad(column, 'a whole number below 2^64')
  into.high = Number(id >> 32n)
  into.low = Number(id & 0xffffffffn)
}
