/** The instruments that a command names, and options that may differ between them. */
import { DataError, LobtraderError, didYouMean } from '../core/index.ts'
import { MEMORY_BYTES_MIN, memoryBytes } from '../store/index.ts'
import { failureOf } from './failure.ts'

/** An instrument as `--symbol` names it. */
export interface MarketName {
  readonly symbol: string
  readonly venue: string | undefined
}

/**
 * Reads `--symbol` texts: `BTCUSDT`, or `binance-usdm:BTCUSDT`.
 *
 * @param venue of those that name none
 * @throws LobtraderError BAD_ARGUMENT when one is named twice or has no symbol
 */
export function readMarkets(
  texts: readonly string[],
  venue: string | undefined,
): readonly MarketName[] {
  const markets = texts.map((text): MarketName => {
    const [, own, symbol] = /^(?:([^:]*):)?([^:]*)$/.exec(text) ?? []
    if (symbol === undefined || symbol === '' || own === '') {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--symbol "${text}" is not a symbol; expected SYMBOL or venue:SYMBOL`,
        { value: text },
      )
    }
    return { symbol, venue: own ?? venue }
  })
  const twice = texts.find((text, i) => texts.indexOf(text) !== i)
  if (twice === undefined) return markets
  throw new LobtraderError('BAD_ARGUMENT', `--symbol ${twice} is given twice`, { value: twice })
}

/**
 * Returns the bytes of each of `count` feeds that stream: an even share of `--memory`. Nothing tells
 * beforehand which of them needs more.
 *
 * @throws LobtraderError BAD_ARGUMENT when the text is no size, or the share is too small to stream
 */
export function memoryShare(text: string, count: number): number {
  const bytes = memoryBytes(text)
  const share = Math.floor(bytes / count)
  if (share >= MEMORY_BYTES_MIN) return share
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `--memory ${text} leaves ${share / 1e6}MB to each of ${count} instruments; each needs ${MEMORY_BYTES_MIN / 1e6}MB or more`,
    { value: text },
  )
}

/**
 * Reads an option that counts for all instruments (`1ms,1ms`), or for those of a symbol, a venue, or
 * a `venue:symbol` (`BTCUSDT=1ms,1ms`); the most exact one counts.
 *
 * @param otherwise what counts where no text says anything
 * @throws LobtraderError BAD_ARGUMENT when a text names none of the markets, and what `read` throws
 */
export function readForEach<T>(
  flag: string,
  texts: readonly string[],
  given: {
    readonly markets: readonly MarketName[]
    readonly otherwise: string
    readonly read: (text: string) => T
  },
): (market: MarketName) => T {
  const { markets, otherwise, read } = given
  const byName = new Map<string, T>()
  let common = read(otherwise)
  for (const { name, value } of readNamed(flag, texts, { markets, read })) {
    if (name === undefined) common = value
    else byName.set(name, value)
  }
  return ({ symbol, venue = '' }) =>
    byName.get(`${venue}:${symbol}`) ?? byName.get(symbol) ?? byName.get(venue) ?? common
}

/**
 * Reads an option of which all texts count together: those without a name for all instruments, the
 * others for those that they name, as in {@link readForEach}.
 *
 * @throws LobtraderError as {@link readForEach}
 */
export function readAll<T>(
  flag: string,
  texts: readonly string[],
  given: { readonly markets: readonly MarketName[]; readonly read: (text: string) => T },
): (market: MarketName) => readonly T[] {
  const all = readNamed(flag, texts, given)
  return ({ symbol, venue = '' }) => {
    const names = new Set([undefined, symbol, venue, `${venue}:${symbol}`])
    return all.filter(({ name }) => names.has(name)).map(({ value }) => value)
  }
}

/** Reads each text, with the name before its `=` where that is one of the markets. */
function readNamed<T>(
  flag: string,
  texts: readonly string[],
  {
    markets,
    read,
  }: { readonly markets: readonly MarketName[]; readonly read: (text: string) => T },
): readonly { readonly name: string | undefined; readonly value: T }[] {
  const names = namesOf(markets)
  return texts.map((text) => {
    const [, name, rest] = /^([\w.:-]+)=(.*)$/s.exec(text) ?? []
    return naming(flag, () =>
      name !== undefined && names.includes(name)
        ? { name, value: read(rest!) }
        : { name: undefined, value: readCommon(flag, text, names, read) },
    )
  })
}

/** Lets a refusal name the option, where it names neither that nor a file. */
function naming<T>(flag: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const isNamed = !(error instanceof LobtraderError) || error.message.includes('--')
    if (isNamed || error instanceof DataError) throw error
    throw new LobtraderError(error.code, `${flag}: ${failureOf(error).message}`, error.context)
  }
}

function namesOf(markets: readonly MarketName[]): readonly string[] {
  const names = markets.flatMap(({ symbol, venue }) =>
    venue === undefined ? [symbol] : [symbol, venue, `${venue}:${symbol}`],
  )
  return [...new Set(names)]
}

/** A text that is no value, but would be one without its name, has named somebody else. */
function readCommon<T>(
  flag: string,
  text: string,
  names: readonly string[],
  read: (text: string) => T,
): T {
  try {
    return read(text)
  } catch (error) {
    const [, name, rest] = /^([\w.:-]+)=(.*)$/s.exec(text) ?? []
    if (!(error instanceof LobtraderError) || name === undefined || !canRead(read, rest!)) {
      throw error
    }
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `${flag} "${text}" names ${name}, which is none of the instruments (${names.join(', ')})${didYouMean(name, names)}`,
      { value: text },
    )
  }
}

function canRead(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text)
    return true
  } catch (error) {
    if (error instanceof LobtraderError) return false
    throw error
  }
}
