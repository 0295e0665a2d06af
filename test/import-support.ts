/** Small captures and stores for tests of the importers. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { LobtraderError } from '../src/core/index.ts'
import { Instrument } from '../src/market/index.ts'
import type { EventColumns } from '../src/market/index.ts'
import { openStore } from '../src/store/index.ts'

/** A folder that is removed after the tests of the file. */
export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'lobtrader-test-'))
  #stores = 0

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }))
  }

  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name)
    writeFileSync(path, content)
    return path
  }

  /** Returns the path of a store that does not exist yet. */
  newStore(): string {
    return join(this.path, `store-${++this.#stores}`)
  }
}

/** Returns the error that `work` ends with. */
export async function failureOf(work: Promise<unknown>): Promise<LobtraderError> {
  try {
    await work
  } catch (error) {
    if (error instanceof LobtraderError) return error
    throw error
  }
  throw new Error('expected a LobtraderError')
}

/** Loads all rows of one kind from a store. */
export function loadRows(store: string, symbol: string, kind = 'l2'): EventColumns {
  const opened = openStore(store)
  return opened.loadJoined(opened.select({ symbol, kind }))
}

/** One row as plain values. */
export interface PlainRow {
  readonly local: number
  readonly exch: number
  readonly code: number
  readonly tick: number
  readonly lots: number
  readonly seq: number
}

/** Returns rows as plain values, in local order or in that of the exchange side. */
export function plainRows(events: EventColumns, order: 'local' | 'exchange' = 'local'): PlainRow[] {
  return Array.from({ length: events.length }, (_, i) => {
    const row = order === 'exchange' ? (events.exchOrder?.[i] ?? i) : i
    return {
      local: events.localTime[row]!,
      exch: events.exchTime[row]!,
      code: events.code[row]!,
      tick: events.tick[row]!,
      lots: events.lots[row]!,
      seq: events.seq[row]!,
    }
  })
}

/** True when something stands at `path`. */
export function exists(path: string): boolean {
  return existsSync(path)
}

/** A linear perpetual on a grid of 0.1 and 0.001. */
export const PERPETUAL = new Instrument({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
})

/** A spot pair on a grid of 0.01 and 0.00001. */
export const SPOT = new Instrument({
  venue: 'binance-spot',
  symbol: 'BTCUSDT',
  kind: 'spot',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.00001',
})

/** Levels as the venue writes them. */
export type TextLevels = readonly (readonly [string, string])[]

/** First receive time of made captures, 2024-08-08T23:54:00Z, and its millisecond. */
export const CAPTURE_START_NS = 1_723_161_240_000_000_000n
const START_MS = Number(CAPTURE_START_NS / 1_000_000n)

const line = (ms: number, message: object): string =>
  `${CAPTURE_START_NS + BigInt(ms) * 1_000_000n} ${JSON.stringify(message)}`

/** A futures depth update received at `ms`, sent 5 ms before. */
export function depthLine(
  ms: number,
  ids: { readonly U: number; readonly u: number; readonly pu?: number },
  b: TextLevels = [],
  a: TextLevels = [],
): string {
  const time = START_MS + ms - 5
  return line(ms, {
    stream: 'btcusdt@depth@0ms',
    data: { e: 'depthUpdate', E: time, T: time, s: 'BTCUSDT', ...ids, b, a },
  })
}

/** A trade received at `ms`, sent 5 ms before. */
export function tradeLine(ms: number, t: number, p: string, q: string, more: object = {}): string {
  const time = START_MS + ms - 5
  return line(ms, {
    stream: 'btcusdt@trade',
    data: { e: 'trade', E: time, T: time, s: 'BTCUSDT', t, p, q, X: 'MARKET', m: false, ...more },
  })
}

/** A best-price message received at `ms`, sent 5 ms before. */
export function tickerLine(
  ms: number,
  u: number,
  bid: readonly [string, string],
  ask: readonly [string, string],
): string {
  const time = START_MS + ms - 5
  return line(ms, {
    stream: 'btcusdt@bookTicker',
    data: {
      e: 'bookTicker',
      u,
      s: 'BTCUSDT',
      b: bid[0],
      B: bid[1],
      a: ask[0],
      A: ask[1],
      T: time,
      E: time,
    },
  })
}

/** A depth snapshot received at `ms`, of 5 ms before. */
export function snapshotLine(
  ms: number,
  lastUpdateId: number,
  bids: TextLevels,
  asks: TextLevels,
): string {
  const time = START_MS + ms - 5
  return line(ms, { lastUpdateId, E: time, T: time, bids, asks })
}
