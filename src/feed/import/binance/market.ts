/** The three markets of Binance, and what their symbols name. */
import type { InstrumentKind, InstrumentSpec } from '../../../market/index.ts'
import { pairOf } from '../symbol-names.ts'

/** Spot, USD-M futures, COIN-M futures. */
export type BinanceMarket = 'spot' | 'usdm' | 'coinm'

/** What a symbol names. */
export type BinanceFacts = Pick<InstrumentSpec, 'venue' | 'kind' | 'base' | 'quote'> & {
  readonly multiplier: string
}

/**
 * Tells the market of a message that differs among them: `ps` is of COIN-M, `pu` of futures, and a
 * ticker of futures has times; undefined for other messages.
 *
 * "Diff. Book Depth Streams" and "Individual Symbol Book Ticker Streams" of spot, USD-M and COIN-M,
 * Binance developer documentation (read 2026-11).
 */
export function marketOf(message: unknown): BinanceMarket | undefined {
  if (!isObject(message)) return undefined
  const body = isObject(message['data']) ? message['data'] : message
  const isTicker = 'u' in body && 'B' in body && 'A' in body && 's' in body
  if (!isTicker && body['e'] !== 'depthUpdate') return undefined
  if ('ps' in body) return 'coinm'
  return 'pu' in body || (isTicker && 'T' in body) ? 'usdm' : 'spot'
}

/** Returns what a symbol names; `BTCUSD_PERP` is a perpetual, `BTCUSD_240927` a future. */
export function binanceFacts(market: BinanceMarket, symbol: string): BinanceFacts {
  const [pair = '', expiry] = symbol.split('_')
  const { base, quote } = pairOf(pair)
  const names = { venue: `binance-${market}`, base, quote }
  if (market === 'spot') return { ...names, kind: 'spot', multiplier: '1' }
  const value = market === 'usdm' ? 'linear' : 'inverse'
  const isFuture = expiry !== undefined && expiry !== 'PERP'
  const kind: InstrumentKind = `${value}-${isFuture ? 'future' : 'perpetual'}`
  // COIN-M contracts are of 100 USD (BTC) or 10 USD (all others).
  const multiplier = value === 'linear' ? '1' : base === 'BTC' ? '100' : '10'
  return { ...names, kind, multiplier }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
