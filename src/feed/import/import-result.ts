/** What an import has read and written. */
import { formatInstant } from '../../time/index.ts'
import type { PartitionInfo } from '../../store/index.ts'

/** How many of the things that could be checked were equal. */
export interface Comparison {
  readonly compared: number
  readonly equal: number
}

/** The book after the last message, in decimals; `null` for the best of an empty side. */
export interface FinalBook {
  /** Price and size. */
  readonly bestBid: readonly [number, number] | null
  readonly bestAsk: readonly [number, number] | null
  readonly bidLevels: number
  readonly askLevels: number
  /** Sum of sizes over all bids. */
  readonly bidSize: number
  readonly askSize: number
}

/** Totals of the trades that were written. */
export interface TradeSummary {
  readonly count: number
  readonly volume: number
  /** Volume of trades whose aggressor bought. */
  readonly buyVolume: number
  /** Sum of price x size / sum of size; `null` without trades. */
  readonly vwap: number | null
}

/** Orders of a market-by-order input. */
export interface OrderCounts {
  /** Live at the end. */
  readonly open: number
  /** Additions of a live id, and modifications and cancellations of an id that is not live. */
  readonly unknown: number
}

/** What the rows of one instrument gave. */
export interface SymbolResult {
  readonly symbol: string
  /** Messages (lines, rows) that named the instrument. */
  readonly messages: number
  /** Rows written to the store, over all kinds. */
  readonly events: number
  /** Places where updates are missing; the book is stale from there until the next snapshot. */
  readonly gaps: number
  /** Updates that came again; left out. Those that a snapshot held already are none. */
  readonly duplicates: number
  /** Updates that came behind one that they precede. */
  readonly reordered: number
  /** Depth messages after which the best bid stood above the best ask. */
  readonly crossed: number
  readonly orders?: OrderCounts
  /** Book checksums of the venue that were reproduced. */
  readonly checksums?: Comparison
  /** Our best prices against those that the venue says. */
  readonly verify?: Comparison
  /** Absent where the input has no book. */
  readonly final?: FinalBook
  /** Absent where the input has no trades. */
  readonly trades?: TradeSummary
}

/** How far an import has come; `bytesTotal` is the size of all files on disk. */
export interface ImportProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
  readonly events: number
}

/** Result of an import. */
export interface ImportResult {
  readonly format: string
  readonly venue: string
  /** Absent where the input has several; see `symbols`. */
  readonly symbol?: string
  /** Messages (lines, rows) read. */
  readonly messages: number
  /** Rows written to the store, over all kinds. */
  readonly events: number
  /** Places where updates are missing; the book is stale from there until the next snapshot. */
  readonly gaps: number
  /** Updates that came again; left out. Those that a snapshot held already are none. */
  readonly duplicates: number
  /** Updates that came behind one that they precede. */
  readonly reordered: number
  /** Depth messages after which the best bid stood above the best ask. */
  readonly crossed: number
  /** Unix ns of the first and the last message in local time, as stored. */
  readonly fromNs: bigint
  readonly toNs: bigint
  /**
   * What must be added to the receive times of the input so that the smallest feed latency (receive
   * time - venue time, over depth and trade messages) is 0.5 ms; 0 where the input has one time.
   */
  readonly clockOffsetNs: number
  /** True when the stored local times have the offset in them. */
  readonly clockFixed: boolean
  /** Sentences that a user should read. */
  readonly warnings: readonly string[]
  readonly verify?: Comparison
  /** LOBSTER: transitions from row to row that follow from their message. */
  readonly transitions?: Comparison
  readonly orders?: OrderCounts
  readonly checksums?: Comparison
  /** Of the only instrument; absent where the input has no book or several instruments. */
  readonly final?: FinalBook
  /** Of the only instrument; absent where the input has no trades or several instruments. */
  readonly trades?: TradeSummary
  /** Formats that hold many instruments in one input: what each gave. */
  readonly symbols?: readonly SymbolResult[]
  readonly partitions: readonly PartitionInfo[]
  readonly seconds: number
}

/** The JSON form of a result: `import --json`. */
export interface ImportResultJson extends Omit<ImportResult, 'fromNs' | 'toNs' | 'partitions'> {
  /** Unix ns as text. */
  readonly from: string
  readonly to: string
  readonly partitions: readonly {
    readonly day: string
    readonly kind: string
    readonly events: number
    readonly bytes: number
  }[]
}

/** Returns the JSON form of a result. */
export function importResultJson(result: ImportResult): ImportResultJson {
  const { fromNs, toNs, partitions, ...rest } = result
  return {
    ...rest,
    from: String(fromNs),
    to: String(toNs),
    partitions: partitions.map(({ day, kind, events, bytes }) => ({ day, kind, events, bytes })),
  }
}

/** Returns the lines of a short report for people. */
export function importResultText(result: ImportResult): string {
  const count = (value: number): string => value.toLocaleString('en-US')
  const best = (side: readonly [number, number] | null): string =>
    side === null ? 'none' : `${side[0]} x ${side[1]}`
  const rows: [string, string][] = [
    ['read', `${count(result.messages)} messages of ${result.venue} ${namesText(result)}`],
    ['written', `${count(result.events)} events in ${result.partitions.length} partitions`],
    ['span', `${formatInstant(result.fromNs)} to ${formatInstant(result.toNs)}`],
    ['gaps', count(result.gaps)],
    ['crossed', count(result.crossed)],
    ['clock', clockText(result)],
  ]
  const { final, trades, orders, checksums, symbols } = result
  if (final !== undefined) {
    rows.push(['book', `bid ${best(final.bestBid)}, ask ${best(final.bestAsk)}`])
  }
  if (orders !== undefined) {
    rows.push(['orders', `${count(orders.open)} open, ${count(orders.unknown)} unknown ids`])
  }
  if (trades !== undefined) {
    rows.push(['trades', `${count(trades.count)}, volume ${trades.volume}`])
  }
  if (checksums !== undefined) rows.push(['checksums', comparisonText(checksums)])
  if (symbols !== undefined && symbols.length > 1) {
    for (const one of symbols) {
      const book =
        one.final === undefined
          ? ''
          : `, bid ${best(one.final.bestBid)}, ask ${best(one.final.bestAsk)}`
      rows.push([one.symbol, `${count(one.events)} events, ${count(one.gaps)} gaps${book}`])
    }
  }
  if (result.verify !== undefined) rows.push(['verified', comparisonText(result.verify)])
  if (result.transitions !== undefined) {
    rows.push(['transitions', comparisonText(result.transitions)])
  }
  rows.push(['took', `${result.seconds.toFixed(2)} s`])
  const warnings = result.warnings.map((warning) => `warning: ${warning}`)
  const width = Math.max(12, ...rows.map(([name]) => name.length + 2))
  return [...rows.map(([name, value]) => `${name.padEnd(width)}${value}`), ...warnings].join('\n')
}

function namesText({ symbol, symbols }: ImportResult): string {
  return symbol ?? `${symbols?.length ?? 0} symbols`
}

function comparisonText({ compared, equal }: Comparison): string {
  return `${equal.toLocaleString('en-US')} of ${compared.toLocaleString('en-US')} equal`
}

function clockText({ clockOffsetNs, clockFixed }: ImportResult): string {
  if (clockOffsetNs === 0) return 'no offset'
  const ms = `${(clockOffsetNs / 1e6).toFixed(3)} ms`
  return clockFixed ? `shifted by ${ms}` : `offset ${ms}, not applied`
}
