/** Names of pairs: their parts, and how they are called in the store. */

/** Currencies that prices are in, longest first so that USDT is not taken for a T against USD. */
const QUOTES =
  `FDUSD BUSD TUSD USDT USDC USDP USDE USD1 EURI EURC BIDR IDRT RLUSD PAX DAI USD EUR GBP
TRY BRL ARS AUD JPY MXN PLN RON UAH ZAR CZK COP IDR RUB NGN BTC ETH BNB XRP TRX DOGE VAI`
    .split(/\s/)
    .toSorted((a, b) => b.length - a.length)

/**
 * Parts a pair such as `BTCUSDT` or `ethusd`; nobody trades USD against TUSD, but USDT against USD.
 * The last three letters are the quote where nothing known ends it.
 */
export function splitPair(pair: string): { readonly base: string; readonly quote: string } {
  const name = pair.toUpperCase()
  const quote = QUOTES.find(
    (text) => name.endsWith(text) && !['', 'USD'].includes(name.slice(0, -text.length)),
  )
  const length = quote?.length ?? Math.min(3, Math.max(1, name.length - 1))
  const base = name.slice(0, -length)
  return { base: base === '' ? name : base, quote: name.slice(-length) }
}

/** Longest name in a store. */
const NAME_LENGTH_MAX = 64

/**
 * Returns the name of a venue's symbol in the store: what may not stand in the name of a folder
 * becomes a dash (`XBT/USD` is `XBT-USD`); undefined where nothing is left of it.
 */
export function storeName(symbol: string): string | undefined {
  const name = symbol.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[.-]/, '_')
  const hasLetter = /[A-Za-z0-9]/.test(name)
  return hasLetter && name.length <= NAME_LENGTH_MAX ? name : undefined
}
