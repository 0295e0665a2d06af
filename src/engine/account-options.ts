/** What a user says of the account of a run, and what the venue makes of it. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import { MARGIN_MODES, MarginTerms, type MarginMode, type MarginOptions } from '../order/index.ts'
import { instrumentKey } from './instrument-key.ts'

/**
 * The account of each strategy of a run on order books.
 *
 * Without `leverage`, `mode` or `margin` the venue trusts the account with any position, and nothing
 * is refused or liquidated. With one of them it looks at margin: contracts need what their leverage
 * says, spot and shares are paid for in full unless they are given a leverage of their own.
 */
export interface AccountOptions {
  /** In which value and totals are counted; default: what all instruments settle in. */
  readonly baseCurrency?: string
  /** By currency, at the start, beside `cash`, which is in the base currency. */
  readonly balances?: Readonly<Record<string, number>>
  /** Default `cross`. */
  readonly mode?: MarginMode
  /** Of all contracts, or by symbol or `venue:symbol`; default: what the instrument says, else 1. */
  readonly leverage?: number | Readonly<Record<string, number>>
  /** More of single instruments, by symbol or `venue:symbol`. */
  readonly margin?: Readonly<Record<string, MarginOptions>>
  /** Charged when a position is liquidated: a share of its value; default 0. */
  readonly liquidationFee?: number
  /** Rates between currencies that no instrument of the run gives: `{ 'EUR/USD': 1.08 }`. */
  readonly rates?: Readonly<Record<string, number>>
}

/** The account as the run needs it. */
export interface AccountSettings {
  readonly baseCurrency: string
  readonly balances: Readonly<Record<string, number>>
  readonly mode: MarginMode
  readonly checksMargin: boolean
  /** By lane; undefined where no margin is asked for. */
  readonly terms: readonly (MarginTerms | undefined)[]
  readonly liquidationFee: number
  readonly rates: Readonly<Record<string, number>>
}

/**
 * Returns the account of a run over `instruments`, which stand in order of lanes.
 *
 * @param cash at the start, in the base currency
 * @throws LobtraderError BAD_ARGUMENT or NOT_FINITE naming the option, its value and what was expected
 */
export function accountSettings(
  options: AccountOptions,
  cash: number,
  instruments: readonly Instrument[],
): AccountSettings {
  const { balances = {}, mode = 'cross', liquidationFee = 0, rates = {} } = options
  const { leverage, margin } = options
  if (!MARGIN_MODES.includes(mode)) {
    throw badOption('mode', `must be ${MARGIN_MODES.join(' or ')}, was "${mode}"`)
  }
  if (!(liquidationFee >= 0 && liquidationFee < 1)) {
    throw badOption('liquidationFee', `must be a share from 0 to 1, was ${liquidationFee}`)
  }
  const baseCurrency = options.baseCurrency ?? commonSettlement(instruments)
  const checksMargin = leverage !== undefined || margin !== undefined || options.mode !== undefined
  const all = { ...balances, [baseCurrency]: (balances[baseCurrency] ?? 0) + cash }
  if (checksMargin && !Object.values(all).some((amount) => amount > 0)) {
    throw badOption(
      'balances',
      'must hold something, or cash be given: every order would be refused',
    )
  }
  const byName = typeof leverage === 'object' ? leverage : {}
  checkNames('leverage', Object.keys(byName), instruments)
  checkNames('margin', Object.keys(margin ?? {}), instruments)
  const terms = instruments.map((instrument) => {
    const own = named(byName, instrument)
    const more = named(margin ?? {}, instrument)
    const isPaidInFull = instrument.isAsset && (own ?? more?.leverage ?? 1) === 1
    if (!checksMargin || isPaidInFull) return undefined
    const given =
      own ?? (typeof leverage === 'number' && !instrument.isAsset ? leverage : undefined)
    return new MarginTerms(instrument, {
      ...(given === undefined ? {} : { leverage: given }),
      ...more,
    })
  })
  return { baseCurrency, balances: all, mode, checksMargin, terms, liquidationFee, rates }
}

/** Returns one line about an account for the settings of a run; undefined where there is none. */
export function accountText(options: AccountOptions | undefined): string | undefined {
  if (options === undefined || Object.keys(options).length === 0) return undefined
  return Object.entries(options)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')
}

function commonSettlement(instruments: readonly Instrument[]): string {
  const [first, ...rest] = instruments
  const other = rest.find(({ settlement }) => settlement !== first!.settlement)
  if (other === undefined) return first!.settlement
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `${instrumentKey(first!)} settles in ${first!.settlement} and ${instrumentKey(other)} in ${other.settlement}: say in which currency the account is counted (account.baseCurrency, --base-currency)`,
  )
}

function named<T>(given: Readonly<Record<string, T>>, instrument: Instrument): T | undefined {
  return given[instrumentKey(instrument)] ?? given[instrument.symbol]
}

function checkNames(
  option: string,
  names: readonly string[],
  instruments: readonly Instrument[],
): void {
  const known = instruments.flatMap((each) => [each.symbol, instrumentKey(each)])
  for (const name of names) {
    if (known.includes(name)) continue
    throw badOption(option, `names no instrument of the run: "${name}"${didYouMean(name, known)}`)
  }
}

function badOption(name: string, rule: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `account option ${name} ${rule}`, { option: name })
}
