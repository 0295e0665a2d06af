/** Instruments and accounts for tests of money. */
import { Instrument, type InstrumentSpec } from '../src/market/index.ts'
import {
  Account,
  MarginTerms,
  type AccountHolding,
  type MarginOptions,
} from '../src/order/index.ts'

const spec = (changes: Partial<InstrumentSpec>): Instrument =>
  new Instrument({
    venue: 'v',
    symbol: 'BTCUSDT',
    kind: 'linear-perpetual',
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.001',
    ...changes,
  })

/** BTC in USDT, cents and thousandths. */
export const linearPerpetual = spec({})
/** Contracts of 100 USD that settle in BTC. */
export const inversePerpetual = spec({
  symbol: 'BTCUSD_PERP',
  kind: 'inverse-perpetual',
  quote: 'USD',
  tickSize: '0.1',
  lotSize: '1',
  multiplier: '100',
})
export const spot = spec({ kind: 'spot', symbol: 'BTCUSDT-SPOT' })
/** Index points of 50 USD, quarters of a point. */
export const indexFuture = spec({
  symbol: 'ESH5',
  kind: 'linear-future',
  base: 'ES',
  quote: 'USD',
  tickSize: '0.25',
  lotSize: '1',
  multiplier: '50',
  expiry: '2025-03-21T13:30:00Z',
})

/** An account of one instrument whose mark is set by hand. */
export class OneAccount {
  readonly account: Account
  readonly holding: AccountHolding
  mark = Number.NaN

  constructor(
    instrument: Instrument,
    balances: Readonly<Record<string, number>>,
    margin?: MarginOptions,
    mode: 'cross' | 'isolated' = 'cross',
  ) {
    this.account = new Account(mode, balances)
    const terms = margin === undefined ? undefined : new MarginTerms(instrument, margin)
    this.holding = this.account.open(instrument, terms, () => this.mark)
  }

  fill(side: 1 | -1, price: number, size: number, fee = 0): this {
    const { instrument } = this.holding
    const ticks = instrument.ticksOf(price)
    this.holding.fill(side, ticks, instrument.lotsOf(size), fee)
    return this
  }

  refusal(side: 1 | -1, price: number, size: number, index = 0): string | undefined {
    const lots = this.holding.instrument.lotsOf(size)
    return this.account.refusal(this.holding, { index, order: { side, lots, price } })
  }

  work(index: number, side: 1 | -1, price: number, size: number): this {
    const lots = this.holding.instrument.lotsOf(size)
    this.holding.working.set(index, { side, lots, price })
    return this
  }
}
