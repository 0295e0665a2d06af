/** Run records by hand, for tests of analyzers and reports. */
import type {
  FillColumns,
  MidColumns,
  OrderColumns,
  RunRecord,
  SampleColumns,
  TradeRecord,
} from '../src/engine/run-record.ts'
import { Instrument, type InstrumentSpec } from '../src/market/index.ts'
import { ORDER_STATUSES, ORDER_TYPES, TIMES_IN_FORCE } from '../src/order/index.ts'
import type { OrderStatus, OrderType, TimeInForce } from '../src/order/index.ts'

/** 2024-08-08T00:00Z. */
export const EPOCH_NS = 1_723_075_200_000_000_000n

/** A linear perpetual in cents and thousandths. */
export const LINEAR: InstrumentSpec = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
}

/** An inverse perpetual: contracts of 100 USD, settled in BTC. */
export const INVERSE: InstrumentSpec = {
  venue: 'binance-coinm',
  symbol: 'BTCUSD_PERP',
  kind: 'inverse-perpetual',
  base: 'BTC',
  quote: 'USD',
  tickSize: '0.1',
  lotSize: '1',
  multiplier: '100',
}

/** A fill by hand; what is left out has a plain default. */
export interface HandFill {
  readonly orderId?: number
  readonly side: 1 | -1
  readonly price: number
  readonly size: number
  readonly maker?: boolean
  readonly fee?: number
  /** Local time in ns; the exchange is 1 ms earlier. */
  readonly time: number
  readonly queueAhead?: number
  readonly bid?: number
  readonly ask?: number
}

/** An order by hand; times default to never. */
export interface HandOrder {
  readonly side?: 1 | -1
  readonly type?: OrderType
  readonly tif?: TimeInForce
  readonly price?: number
  readonly size?: number
  readonly filled?: number
  readonly averagePrice?: number
  readonly status?: OrderStatus
  readonly submitLocal?: number
  readonly acceptExch?: number
  readonly acceptLocal?: number
  readonly cancelLocal?: number
  readonly doneExch?: number
  readonly doneLocal?: number
  readonly queueAhead?: number
}

/** What {@link handRun} is made from. */
export interface HandRun {
  readonly instrument?: InstrumentSpec
  readonly source?: 'book' | 'bars'
  readonly startingCash?: number
  readonly fromTime?: number
  readonly toTime?: number
  readonly fills?: readonly HandFill[]
  readonly orders?: readonly HandOrder[]
  /** [time, mid], ascending. */
  readonly mids?: readonly (readonly [number, number])[]
  /** [time, equity], ascending. */
  readonly equity?: readonly (readonly [number, number])[]
  readonly intervalNs?: number
  readonly mark?: number
  readonly trades?: readonly TradeRecord[]
  readonly strategy?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly settings?: Readonly<Record<string, string>>
}

/** Returns a record with exactly these fills, orders, mids and equities; totals by plain sums. */
export function handRun(given: HandRun): RunRecord {
  const instrument = new Instrument(given.instrument ?? LINEAR)
  const startingCash = given.startingCash ?? 0
  const fills = fillColumns(given.fills ?? [], instrument)
  const mids = midColumns(given.mids ?? [])
  const mark = given.mark ?? (mids.length > 0 ? mids.mid[mids.length - 1]! : Number.NaN)
  return {
    strategy: given.strategy ?? 'ByHand',
    parameters: given.parameters ?? {},
    instrument,
    instruments: [instrument],
    byInstrument: [],
    source: given.source ?? 'book',
    seed: 1,
    epochNs: EPOCH_NS,
    fromTime: given.fromTime ?? 0,
    toTime: given.toTime ?? 60e9,
    events: 1000,
    seconds: 0.5,
    runHash: '0123456789abcdef0123456789abcdef',
    settings: given.settings ?? { latency: 'constant(1ms, 1ms)', queue: 'power-prob:3' },
    orders: orderColumns(given.orders ?? []),
    fills,
    samples: sampleColumns(given.equity ?? [], given.intervalNs ?? 1e9),
    mids,
    depth: undefined,
    trades: given.trades ?? [],
    funding: [],
    liquidations: [],
    currency: instrument.settlement,
    account: { baseCurrency: instrument.settlement, balances: {}, value: Number.NaN },
    totals: totalsOf(fills, instrument, { mark, startingCash }),
  }
}

function fillColumns(fills: readonly HandFill[], instrument: Instrument): FillColumns {
  const numbers = (of: (fill: HandFill) => number): Float64Array => Float64Array.from(fills, of)
  let lots = 0
  return {
    length: fills.length,
    instrument: new Uint16Array(fills.length),
    orderId: numbers((fill) => fill.orderId ?? 1),
    side: Int8Array.from(fills, (fill) => fill.side),
    price: numbers((fill) => fill.price),
    size: numbers((fill) => fill.size),
    maker: Uint8Array.from(fills, (fill) => (fill.maker === false ? 0 : 1)),
    fee: numbers((fill) => fill.fee ?? 0),
    exchTime: numbers((fill) => fill.time - 1e6),
    localTime: numbers((fill) => fill.time),
    position: numbers((fill) => {
      lots += fill.side * Math.round(fill.size / instrument.lotSize)
      return instrument.size(lots)
    }),
    queueAhead: numbers((fill) => fill.queueAhead ?? Number.NaN),
    bidPrice: numbers((fill) => fill.bid ?? Number.NaN),
    bidSize: numbers(() => 1),
    askPrice: numbers((fill) => fill.ask ?? Number.NaN),
    askSize: numbers(() => 1),
  }
}

function orderColumns(orders: readonly HandOrder[]): OrderColumns {
  const numbers = (of: (order: HandOrder) => number | undefined): Float64Array =>
    Float64Array.from(orders, (order) => of(order) ?? Number.NaN)
  return {
    length: orders.length,
    instrument: new Uint16Array(orders.length),
    id: Float64Array.from(orders, (_, i) => i + 1),
    side: Int8Array.from(orders, (order) => order.side ?? 1),
    type: Uint8Array.from(orders, (order) => ORDER_TYPES.indexOf(order.type ?? 'limit')),
    tif: Uint8Array.from(orders, (order) => TIMES_IN_FORCE.indexOf(order.tif ?? 'GTC')),
    price: numbers((order) => order.price),
    size: Float64Array.from(orders, (order) => order.size ?? 1),
    filled: Float64Array.from(orders, (order) => order.filled ?? 0),
    averagePrice: numbers((order) => order.averagePrice),
    status: Uint8Array.from(orders, (order) => ORDER_STATUSES.indexOf(order.status ?? 'accepted')),
    submitLocal: numbers((order) => order.submitLocal),
    acceptExch: numbers((order) => order.acceptExch),
    acceptLocal: numbers((order) => order.acceptLocal),
    cancelLocal: numbers((order) => order.cancelLocal),
    doneExch: numbers((order) => order.doneExch),
    doneLocal: numbers((order) => order.doneLocal),
    queueAhead: numbers((order) => order.queueAhead),
  }
}

function midColumns(mids: readonly (readonly [number, number])[]): MidColumns {
  return {
    length: mids.length,
    time: Float64Array.from(mids, ([time]) => time),
    mid: Float64Array.from(mids, ([, mid]) => mid),
  }
}

function sampleColumns(
  equity: readonly (readonly [number, number])[],
  intervalNs: number,
): SampleColumns {
  const none = (): Float64Array => new Float64Array(equity.length).fill(Number.NaN)
  const zeros = (): Float64Array => new Float64Array(equity.length)
  return {
    length: equity.length,
    intervalNs,
    time: Float64Array.from(equity, ([time]) => time),
    bidPrice: none(),
    askPrice: none(),
    bidSize: none(),
    askSize: none(),
    mark: none(),
    position: zeros(),
    cash: zeros(),
    fees: zeros(),
    funding: zeros(),
    equity: Float64Array.from(equity, ([, value]) => value),
    ownBid: none(),
    ownAsk: none(),
  }
}

function totalsOf(
  fills: FillColumns,
  instrument: Instrument,
  account: { readonly mark: number; readonly startingCash: number },
): RunRecord['totals'] {
  let cashFlow = 0
  let fees = 0
  for (let i = 0; i < fills.length; i++) {
    cashFlow -= fills.side[i]! * fills.size[i]! * instrument.unitValue(fills.price[i]!)
    fees += fills.fee[i]!
  }
  const position = fills.length === 0 ? 0 : fills.position[fills.length - 1]!
  const open = position === 0 ? 0 : position * instrument.unitValue(account.mark)
  const net = cashFlow + open - fees
  // By hand there is no cost basis: all profit counts as realised.
  return {
    position,
    startingCash: account.startingCash,
    realized: cashFlow + open,
    unrealized: 0,
    fees,
    funding: 0,
    net,
    mark: account.mark,
  }
}
