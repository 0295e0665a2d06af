/** What the names of instruments and options say about an instrument. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import { INSTRUMENT_KINDS, type InstrumentKind } from '../../market/index.ts'
import type { ImportCaptureOptions } from './import-options.ts'

/** Currencies that stand at the end of a symbol, longer names first. */
const QUOTES = 'FDUSD USDT USDC BUSD USD EUR GBP JPY KRW TRY AUD CHF CAD BTC ETH BNB'.split(' ')

/** Returns base and quote of a symbol such as `BTCUSDT` or `XBT-USD`; without any, `USD`. */
export function pairOf(symbol: string): { readonly base: string; readonly quote: string } {
  const pair = symbol.toUpperCase().replace(/[-_.](?:PERP(?:ETUAL)?|SWAP|SPOT)$|_PERP$/, '')
  const quote = QUOTES.find((name) => pair.endsWith(name) && pair.length > name.length)
  if (quote === undefined) return { base: symbol, quote: 'USD' }
  const base = pair.slice(0, -quote.length).replace(/[-_./:]+$/, '')
  return base === '' ? { base: symbol, quote } : { base, quote }
}

/** Returns the kind that `--kind` names. @throws LobtraderError BAD_ARGUMENT for an unknown one */
export function kindOption({ kind }: ImportCaptureOptions): InstrumentKind | undefined {
  if (kind === undefined) return undefined
  const found = INSTRUMENT_KINDS.find((name) => name === kind)
  if (found !== undefined) return found
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `unknown kind "${kind}"${didYouMean(kind, INSTRUMENT_KINDS)} (known: ${INSTRUMENT_KINDS.join(', ')})`,
    { kind },
  )
}
