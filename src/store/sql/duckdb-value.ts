/** Values of a result as JSON has them. */
import type { DuckDBTimestampNanosecondsValue, DuckDBValue } from '@duckdb/node-api'
import { formatInstant } from '../../time/index.ts'
import type { DuckDb } from './duckdb.ts'
import type { SqlValue } from './sql-value.ts'

/**
 * Returns the function that makes plain values of DuckDB's own: integers beyond 2^53 become text,
 * NaN and infinities null, decimals numbers where a double has their digits, moments ISO 8601 with
 * nine decimals, lists arrays, structures and maps objects or pairs.
 */
export function sqlValues(duck: DuckDb): (value: DuckDBValue) => SqlValue {
  const convert = (value: DuckDBValue): SqlValue => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) ? value : null
      case 'bigint':
        return integer(value)
      default:
        return value === null ? null : convertObject(value)
    }
  }
  const convertObject = (
    value: Exclude<DuckDBValue, string | boolean | number | bigint | null>,
  ) => {
    if (value instanceof duck.DuckDBTimestampNanosecondsValue) return moment(value, value.nanos)
    if (value instanceof duck.DuckDBTimestampValue) return moment(value, value.micros * 1000n)
    if (value instanceof duck.DuckDBTimestampTZValue) return moment(value, value.micros * 1000n)
    if (value instanceof duck.DuckDBTimestampMillisecondsValue) {
      return moment(value, value.millis * 1_000_000n)
    }
    if (value instanceof duck.DuckDBTimestampSecondsValue) {
      return moment(value, value.seconds * 1_000_000_000n)
    }
    if (value instanceof duck.DuckDBDecimalValue) return decimal(String(value))
    if (value instanceof duck.DuckDBListValue || value instanceof duck.DuckDBArrayValue) {
      return value.items.map(convert)
    }
    if (value instanceof duck.DuckDBStructValue) {
      return Object.fromEntries(
        Object.entries(value.entries).map(([name, item]) => [name, convert(item)]),
      )
    }
    if (value instanceof duck.DuckDBMapValue) {
      return value.entries.map(({ key, value: item }) => ({
        key: convert(key),
        value: convert(item),
      }))
    }
    if (value instanceof duck.DuckDBUnionValue) return convert(value.value)
    return String(value)
  }
  return convert
}

function integer(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** A decimal stays a number while its text is that of the number. */
function decimal(text: string): number | string {
  const number = Number(text)
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return String(number) === (plain === '-0' ? '0' : plain) ? number : text
}

/** Years beyond those of `Date`, and infinities, keep the engine's words. */
function moment(value: Pick<DuckDBTimestampNanosecondsValue, 'toString'>, unixNs: bigint): string {
  const isOrdinary = unixNs > -(10n ** 22n) && unixNs < 2n * 10n ** 20n
  const text = String(value)
  return isOrdinary && !text.includes('infinity') ? formatInstant(unixNs) : text
}
