/** The options of commands that are about money: leverage, margin, funding. */
import { LobtraderError } from '../core/index.ts'
import type { AccountOptions, BookDataOptions } from '../engine/index.ts'
import { parseFundingCsv } from '../order/index.ts'
import { readOptionFile } from './option-file.ts'

/** The options as they are given. */
export interface AccountFlags {
  /** `20`, or by instrument `BTCUSDT=5`. */
  readonly leverage?: string | readonly string[]
  readonly margin?: string
  readonly liquidationFee?: string
  readonly baseCurrency?: string
  /** `BTC=0.5` texts. */
  readonly balance?: readonly string[]
  /** `EUR/USD=1.08` texts. */
  readonly rate?: readonly string[]
}

/** What the help says of each. */
export const MONEY_HELP = {
  leverage: 'have the venue look at margin, with this leverage; default: any position is trusted',
  margin: 'cross or isolated: have the venue look at margin; default with --leverage: cross',
  baseCurrency:
    'in which profit and value are counted, and --cash; needed where instruments settle in different ones',
  balance: 'money beside --cash, such as BTC=0.5; may be given many times',
  rate: 'what one currency is in another where no instrument of the run tells it, such as EUR/USD=1.08; may be given many times',
  liquidationFee: 'charged on what the venue liquidates: a share of its value such as 0.0125',
  funding:
    'funding of a perpetual: a CSV file of time,rate[,mark] (or as Binance publishes it), or off; default: tape, where the data tell of it',
} as const

/**
 * Returns the account that the options ask for; undefined where they say nothing of it.
 *
 * @param cash what it begins with
 * @throws LobtraderError BAD_ARGUMENT naming the option, its value and what was expected
 */
export function readAccount(
  flags: AccountFlags,
  cash: number | undefined,
): AccountOptions | undefined {
  const { leverage, margin, liquidationFee, baseCurrency } = flags
  if (margin !== undefined && margin !== 'cross' && margin !== 'isolated') {
    throw badFlag('--margin', margin, 'cross or isolated')
  }
  const factors = leverage === undefined ? {} : readLeverage([leverage].flat())
  const fee =
    liquidationFee === undefined
      ? undefined
      : numberOf('--liquidation-fee', liquidationFee, 'a share of the value such as 0.0125')
  const balances = readBalances(flags.balance ?? [])
  const looksAtMargin = leverage !== undefined || margin !== undefined
  if (!looksAtMargin && fee !== undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      '--liquidation-fee needs --leverage or --margin: without margin nothing is liquidated',
    )
  }
  const holdsSome = [cash ?? 0, ...Object.values(balances)].some((amount) => amount > 0)
  if (looksAtMargin && !holdsSome) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `${leverage === undefined ? '--margin' : '--leverage'} needs --cash: an account that holds nothing opens nothing`,
    )
  }
  const account: AccountOptions = {
    ...(baseCurrency === undefined ? {} : { baseCurrency }),
    ...(flags.balance === undefined ? {} : { balances }),
    ...(flags.rate === undefined ? {} : { rates: readRates(flags.rate) }),
    ...factors,
    ...(margin === undefined ? {} : { mode: margin }),
    ...(fee === undefined ? {} : { liquidationFee: fee }),
  }
  return Object.keys(account).length === 0 ? undefined : account
}

function readBalances(texts: readonly string[]): Readonly<Record<string, number>> {
  const balances = new Map<string, number>()
  for (const text of texts) {
    const [, currency, amount] = /^([A-Za-z]\w*)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
    if (currency === undefined || amount === undefined) {
      throw badFlag('--balance', text, 'a currency and an amount such as BTC=0.5')
    }
    if (balances.has(currency)) throw badFlag('--balance', text, `${currency} once`)
    balances.set(currency, Number(amount))
  }
  return Object.fromEntries(balances)
}

const PAIR = /^([A-Za-z]\w*\/[A-Za-z]\w*)=(\d+(?:\.\d+)?)$/

function readRates(texts: readonly string[]): Readonly<Record<string, number>> {
  const rates = new Map<string, number>()
  for (const text of texts) {
    const [, pair, rate] = PAIR.exec(text) ?? []
    if (pair === undefined || !(Number(rate) > 0)) {
      throw badFlag('--rate', text, 'two currencies and a rate above 0 such as EUR/USD=1.08')
    }
    if (rates.has(pair)) throw badFlag('--rate', text, `${pair} once`)
    rates.set(pair, Number(rate))
  }
  return Object.fromEntries(rates)
}

/** One of all contracts, and those of single instruments, by symbol or `venue:symbol`. */
function readLeverage(texts: readonly string[]): Pick<AccountOptions, 'leverage' | 'margin'> {
  let ofAll: number | undefined
  const named = new Map<string, number>()
  for (const text of texts) {
    const at = text.lastIndexOf('=')
    const name = text.slice(0, Math.max(at, 0))
    const leverage = leverageOf(text, text.slice(at + 1))
    if (at < 0) {
      if (ofAll !== undefined) throw badFlag('--leverage', text, 'one number for all instruments')
      ofAll = leverage
    } else {
      if (named.has(name)) throw badFlag('--leverage', text, `${name} once`)
      named.set(name, leverage)
    }
  }
  if (named.size === 0) return ofAll === undefined ? {} : { leverage: ofAll }
  if (ofAll === undefined) return { leverage: Object.fromEntries(named) }
  const margin = Object.fromEntries([...named].map(([name, leverage]) => [name, { leverage }]))
  return { leverage: ofAll, margin }
}

/**
 * Returns how the funding of the data is known.
 *
 * @throws DataError naming file, line and field
 */
export function readFunding(text: string): NonNullable<BookDataOptions['funding']> {
  if (text === 'tape') return text
  return text === 'off' ? 'off' : parseFundingCsv(readOptionFile('--funding', text), text)
}

function leverageOf(text: string, factor: string): number {
  const expected = 'a number from 1 to 1000 such as 20, or of one instrument BTCUSDT=5'
  const isNumber = /^\d+(?:\.\d+)?$/.test(factor)
  if (isNumber && Number(factor) >= 1 && Number(factor) <= 1000) return Number(factor)
  throw badFlag('--leverage', text, expected)
}

function numberOf(flag: string, text: string, expected: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  throw badFlag(flag, text, expected)
}

function badFlag(flag: string, text: string, expected: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `${flag} "${text}": expected ${expected}`, {
    value: text,
  })
}
