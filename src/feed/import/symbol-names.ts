/** Names of instruments that the data spell in their own way. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import { INSTRUMENT_KINDS, type InstrumentKind } from '../../market/index.ts'
import type { ImportCaptureOptions } from './import-options.ts'

const NAME_LENGTH_MAX = 64

/** Currencies that stand at the end of a symbol, longer names first. */
const QUOTES = 'FDUSD USDT USDC BUSD USD EUR GBP JPY KRW TRY AUD CHF CAD BTC ETH BNB'.split(' ')

/**
 * Returns a name that a store can hold: letters, digits, dot, dash and underscore, beginning with
 * a letter, digit or underscore; anything else becomes a dash (`XBT/USD` is `XBT-USD`).
 */
export function storeName(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, NAME_LENGTH_MAX)
    // Some systems take a dot at the end off a folder's name.
    .replace(/\.+$/, '-')
  return /^[A-Za-z0-9_]/.test(plain) ? plain : `_${plain}`.slice(0, NAME_LENGTH_MAX)
}

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
