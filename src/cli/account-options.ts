/** The options of commands that are about money: leverage, margin, funding. */
import { LobtraderError } from '../core/index.ts'
import type { AccountOptions, BookDataOptions } from '../engine/index.ts'
import { parseFundingCsv } from '../order/index.ts'
import { readOptionFile } from './option-file.ts'

/** The options as they are given. */
export interface AccountFlags {
  readonly leverage?: string
  readonly margin?: string
  readonly liquidationFee?: string
  readonly baseCurrency?: string
  /** `BTC=0.5` texts. */
  readonly balance?: readonly string[]
}

/** What the help says of each. */
export const MONEY_HELP = {
  leverage: 'have the venue look at margin, with this leverage; default: any position is trusted',
  margin: 'cross or isolated: have the venue look at margin; default with --leverage: cross',
  baseCurrency:
    'in which profit and value are counted, and --cash; needed where instruments settle in different ones',
  balance: 'money beside --cash, such as BTC=0.5; may be given many times',
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
  const factor = leverage === undefined ? undefined : leverageOf(leverage)
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
    ...(factor === undefined ? {} : { leverage: factor }),
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

/**
 * Returns how the funding of the data is known.
 *
 * @throws DataError naming file, line and field
 */
export function readFunding(text: string): NonNullable<BookDataOptions['funding']> {
  if (text === 'tape') return text
  return text === 'off' ? 'off' : parseFundingCsv(readOptionFile('--funding', text), text)
}

function leverageOf(text: string): number {
  const expected = 'a number from 1 to 1000 such as 20'
  const leverage = numberOf('--leverage', text, expected)
  if (leverage >= 1 && leverage <= 1000) return leverage
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
