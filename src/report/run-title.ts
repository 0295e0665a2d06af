/** How a run is called. */
import type { RunRecord } from '../engine/index.ts'
import { spanText } from './number-text.ts'
import { UnixTime } from './unix-time.ts'

/** Names of a run; free of control characters. */
export interface RunTitle {
  readonly strategy: string
  readonly symbol: string
  readonly venue: string
  /** Such as `linear perpetual`. */
  readonly kind: string
  /** `2024-08-08 23:55:00 to 2024-08-09 00:09:59 UTC`. */
  readonly period: string
  readonly span: string
}

/** Returns how a run is called. */
export function runTitle(record: RunRecord): RunTitle {
  const time = new UnixTime(record.epochNs)
  return {
    strategy: printable(record.strategy),
    ...instrumentTitle(record),
    period: `${time.short(record.fromTime)} to ${time.short(record.toTime)} UTC`,
    span: spanText(record.toTime - record.fromTime),
  }
}

/** What of several instruments is the same stands once. */
function instrumentTitle({ instruments }: RunRecord): Pick<RunTitle, 'symbol' | 'venue' | 'kind'> {
  const joined = (texts: readonly string[], most: number): string => {
    const each = [...new Set(texts)]
    const rest = each.length > most ? ` and ${each.length - most} more` : ''
    return `${each.slice(0, most).join(', ')}${rest}`
  }
  return {
    symbol: joined(
      instruments.map(({ symbol }) => symbol),
      4,
    ),
    venue: joined(
      instruments.map(({ venue }) => venue),
      4,
    ),
    kind: joined(
      instruments.map(({ kind }) => kind.replaceAll('-', ' ')),
      2,
    ),
  }
}

/** Returns text without control characters, which a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}

/** Returns a parameter as people would type it. */
export function parameterText(value: unknown): string {
  if (typeof value === 'string') return printable(value)
  if (typeof value === 'bigint') return String(value)
  return printable(JSON.stringify(value, jsonSafe) ?? String(value))
}

function jsonSafe(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
