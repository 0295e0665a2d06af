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
}

/** What the help says of each. */
export const MONEY_HELP = {
  leverage: 'have the venue look at margin, with this leverage; default: any position is trusted',
  margin: 'cross or isolated: have the venue look at margin; default with --leverage: cross',
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
  const { leverage, margin, liquidationFee } = flags
  if (margin !== undefined && margin !== 'cross' && margin !== 'isolated') {
    throw badFlag('--margin', margin, 'cross or isolated')
  }
  if (leverage === undefined && margin === undefined) {
    if (liquidationFee === undefined) return undefined
    throw new LobtraderError(
      'BAD_ARGUMENT',
      '--liquidation-fee needs --leverage or --margin: without margin nothing is liquidated',
    )
  }
  const factor = leverage === undefined ? undefined : leverageOf(leverage)
  if (!(cash !== undefined && cash > 0)) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `${leverage === undefined ? '--margin' : '--leverage'} needs --cash: an account that holds nothing opens nothing`,
    )
  }
  const fee =
    liquidationFee === undefined
      ? {}
      : {
          liquidationFee: numberOf(
            '--liquidation-fee',
            liquidationFee,
            'a share of the value such as 0.0125',
          ),
        }
  return {
    ...(factor === undefined ? {} : { leverage: factor }),
    ...(margin === undefined ? {} : { mode: margin }),
    ...fee,
  }
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
