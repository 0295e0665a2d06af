/** The order of data and of strategies in a run, in which what is equal in time is decided. */
import { LobtraderError } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import { instrumentKey } from './instrument-key.ts'
import type { StrategyEntry } from './strategy.ts'
import { textHash } from './text-hash.ts'

/**
 * Returns the feeds in order of `venue:symbol`.
 *
 * @throws LobtraderError BAD_ARGUMENT when two are of one instrument
 */
export function inLaneOrder<T extends { readonly feed: { readonly instrument: Instrument } }>(
  feeds: readonly T[],
): readonly T[] {
  const keyOf = ({ feed }: T): string => instrumentKey(feed.instrument)
  const sorted = feeds.toSorted((a, b) => compareTexts(keyOf(a), keyOf(b)))
  for (const [i, each] of sorted.entries()) {
    if (i === 0 || keyOf(sorted[i - 1]!) !== keyOf(each)) continue
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `data of ${keyOf(each)} was added twice; a run has one book of each instrument`,
      { symbol: each.feed.instrument.symbol },
    )
  }
  return sorted
}

/** A strategy in the order of ties. */
export interface RankedStrategy {
  readonly entry: StrategyEntry
  /** Its place in the order in which strategies were added. */
  readonly position: number
  readonly randomStream: number
}

/**
 * Returns strategies in order of name, parameters and place: which of two comes first does not
 * depend on which was added first, unless they are alike.
 *
 * Each has random numbers of its own, which its name decides. One alone has stream 1.
 */
export function inTieOrder(entries: readonly StrategyEntry[]): readonly RankedStrategy[] {
  const sorted = entries
    .map((entry, position) => ({ entry, position, text: parametersText(entry) }))
    .toSorted(
      (a, b) =>
        compareTexts(a.entry.name, b.entry.name) ||
        compareTexts(a.text, b.text) ||
        a.position - b.position,
    )
  return sorted.map(({ entry, position }, i) => {
    const first = sorted.findIndex((other) => other.entry.name === entry.name)
    const randomStream = entries.length === 1 ? 1 : textHash(entry.name) + i - first
    return { entry, position, randomStream }
  })
}

function parametersText({ parameters }: StrategyEntry): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => compareTexts(a, b))
  return JSON.stringify(sorted, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}

/** By code units: the same everywhere, whatever the language of the machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
