/** Run records of a small simulated session, for tests of reports. */
import { Prng } from '../src/core/index.ts'
import type { DepthGrid, RunRecord, SampleColumns, TradeRecord } from '../src/engine/run-record.ts'
import { Instrument, type InstrumentSpec } from '../src/market/index.ts'
import { LINEAR, handRun, type HandFill, type HandOrder } from './run-record-fixture.ts'

/** Size and shape of a simulated session. */
export interface SessionOptions {
  readonly instrument?: InstrumentSpec
  readonly seed?: number
  /** Samples, one a second. */
  readonly samples?: number
  /** Mids a sample. */
  readonly midsPerSample?: number
  readonly startingCash?: number
  /** Chance of a fill a sample. */
  readonly fillChance?: number
  readonly depth?: boolean
  readonly strategy?: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** Returns the record of a seeded session: a random walk, and a market maker around it. */
export function sessionRun(options: SessionOptions = {}): RunRecord {
  const { samples = 900, midsPerSample = 8, fillChance = 0.35 } = options
  const instrument = new Instrument(options.instrument ?? LINEAR)
  const prng = new Prng(options.seed ?? 7)
  const fromTime = 23 * 3600e9 + 55 * 60e9
  const tick = instrument.tickSize
  const lot = instrument.isInverse ? 5 : 0.02
  const market = walk(prng, { samples, midsPerSample, fromTime, tick })
  const fills: HandFill[] = []
  const orders: HandOrder[] = []
  const own = { bid: new Float64Array(samples), ask: new Float64Array(samples) }
  let position = 0
  for (let s = 0; s < samples; s++) {
    const time = fromTime + s * 1e9
    const mid = market.mid[s * midsPerSample]!
    const round = (price: number): number =>
      instrument.price(instrument.roundToTicks(price, 'nearest'))
    const skew = -position * (instrument.isInverse ? 0.3 : 60)
    own.bid[s] = round(mid - (14 + 10 * prng.next()) * tick + skew * tick)
    own.ask[s] = round(mid + (14 + 10 * prng.next()) * tick + skew * tick)
    const side = prng.next() < 0.5 + position / (lot * 16) ? -1 : 1
    const isFilled = prng.next() < fillChance && s < samples - 1
    const price = side > 0 ? own.bid[s]! : own.ask[s]!
    const isTaker = prng.next() < 0.08
    const accept = time + 1e6 + Math.floor(prng.nextExponential(0.4e6))
    const done = isFilled ? time + 2e6 + prng.nextInt(0.9e9) : time + 0.95e9
    orders.push({
      side,
      price,
      size: lot,
      filled: isFilled ? lot : 0,
      averagePrice: isFilled ? price : Number.NaN,
      status: isFilled ? 'filled' : 'cancelled',
      tif: isTaker ? 'GTC' : 'GTX',
      submitLocal: time,
      acceptExch: accept,
      acceptLocal: accept + 1e6,
      cancelLocal: isFilled ? Number.NaN : done - 2e6,
      doneExch: done - 1e6,
      doneLocal: done,
      queueAhead: 40 * prng.next(),
    })
    if (!isFilled) continue
    position += side * lot
    fills.push({
      orderId: orders.length,
      side,
      price,
      size: lot,
      maker: !isTaker,
      fee: instrument.notional(lot, price) * (isTaker ? 5e-4 : -0.5e-4),
      time: done,
      queueAhead: isTaker ? Number.NaN : 8 * prng.next(),
      bid: round(mid - tick),
      ask: round(mid + tick),
    })
  }
  const toTime = fromTime + (samples - 1) * 1e9
  const base = handRun({
    instrument: options.instrument ?? LINEAR,
    startingCash: options.startingCash ?? 0,
    fromTime,
    toTime,
    fills,
    orders,
    mids: Array.from(market.time, (time, i) => [time, market.mid[i]!] as const),
    strategy: options.strategy ?? 'AvellanedaStoikov',
    parameters: options.parameters ?? {
      riskAversion: 0.5,
      maxInventory: 5,
      orderSize: lot,
      minSpread: 0.2,
      k: 'auto',
    },
    settings: {
      source: 'store binance-usdm BTCUSDT 2024-08-08',
      latency: 'constant(1ms, 1ms)',
      queue: 'power-prob:3',
      fees: 'maker -0.5 bps, taker 5 bps',
      exchange: 'no-partial',
    },
  })
  return {
    ...base,
    events: samples * midsPerSample * 30,
    seconds: 1.7,
    samples: accountSamples(base, { own, market, samples, midsPerSample }),
    depth: options.depth === false ? undefined : depthOf(base, prng),
    trades: roundTrips(base),
  }
}

interface Market {
  readonly time: Float64Array
  readonly mid: Float64Array
}

function walk(
  prng: Prng,
  size: { samples: number; midsPerSample: number; fromTime: number; tick: number },
): Market {
  const length = size.samples * size.midsPerSample
  const time = new Float64Array(length)
  const mid = new Float64Array(length)
  let halfTicks = Math.round(61_500 / size.tick) * 2
  let drift = 0
  for (let i = 0; i < length; i++) {
    drift = drift * 0.995 + prng.nextNormal() * 0.25
    halfTicks += Math.round(drift + prng.nextNormal() * 2.5) || 1
    time[i] = size.fromTime + Math.round((i * 1e9) / size.midsPerSample)
    mid[i] = (halfTicks * size.tick) / 2
  }
  return { time, mid }
}

function accountSamples(
  run: RunRecord,
  given: {
    readonly own: { readonly bid: Float64Array; readonly ask: Float64Array }
    readonly market: Market
    readonly samples: number
    readonly midsPerSample: number
  },
): SampleColumns {
  const { instrument, fills } = run
  const { startingCash } = run.totals
  const length = given.samples
  const column = (): Float64Array => new Float64Array(length)
  const made = {
    time: column(),
    bidPrice: column(),
    askPrice: column(),
    bidSize: column().fill(1.2),
    askSize: column().fill(0.9),
    mark: column(),
    position: column(),
    cash: column(),
    fees: column(),
    equity: column(),
  }
  let row = 0
  let cash = startingCash
  let fees = 0
  for (let s = 0; s < length; s++) {
    const time = run.fromTime + s * 1e9
    for (; row < fills.length && fills.localTime[row]! <= time; row++) {
      cash -= fills.side[row]! * fills.size[row]! * instrument.unitValue(fills.price[row]!)
      fees += fills.fee[row]!
    }
    const position = row === 0 ? 0 : fills.position[row - 1]!
    const mark = s === length - 1 ? run.totals.mark : given.market.mid[s * given.midsPerSample]!
    made.time[s] = time
    made.bidPrice[s] = mark - instrument.tickSize / 2
    made.askPrice[s] = mark + instrument.tickSize / 2
    made.mark[s] = mark
    made.position[s] = position
    made.cash[s] = cash
    made.fees[s] = fees
    made.equity[s] = cash + position * instrument.unitValue(mark) - fees
  }
  const funding = new Float64Array(length)
  return { length, intervalNs: 1e9, ...made, funding, ownBid: given.own.bid, ownAsk: given.own.ask }
}

/** Depth that grows away from the mid, with walls that stay for a while. */
function depthOf(run: RunRecord, prng: Prng): DepthGrid {
  const times = 300
  const prices = 160
  const { mids } = run
  const low = mids.mid.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = mids.mid.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const margin = (high - low) / 4
  const priceFirst = low - margin
  const priceStep = (high - low + 2 * margin) / prices
  const time = Float64Array.from(
    { length: times },
    (_, i) => run.fromTime + (i * (run.toTime - run.fromTime)) / times,
  )
  const size = new Float32Array(times * prices)
  const walls = new Float64Array(prices)
  for (let t = 0; t < times; t++) {
    const at = Math.floor((t * mids.length) / times)
    for (let p = 0; p < prices; p++) {
      if (prng.next() < 0.004) walls[p] = 6 * prng.nextExponential(1)
      if (prng.next() < 0.02) walls[p] = 0
      const distance = priceFirst + (p + 0.5) * priceStep - mids.mid[at]!
      const steps = Math.abs(distance) / priceStep
      const amount = (0.15 + 1.2 * (1 - Math.exp(-steps / 8))) * (0.4 + prng.next()) + walls[p]!
      size[t * prices + p] = distance < 0 ? amount : -amount
    }
  }
  return { times, prices, time, priceFirst, priceStep, size }
}

function roundTrips(run: RunRecord): TradeRecord[] {
  const { fills, instrument } = run
  const trades: TradeRecord[] = []
  let open: { time: number; side: 1 | -1; price: number; flow: number; fees: number } | undefined
  let largest = 0
  for (let i = 0; i < fills.length; i++) {
    const side = fills.side[i]! as 1 | -1
    open ??= { time: fills.localTime[i]!, side, price: fills.price[i]!, flow: 0, fees: 0 }
    open.flow -= side * fills.size[i]! * instrument.unitValue(fills.price[i]!)
    open.fees += fills.fee[i]!
    largest = Math.max(largest, Math.abs(fills.position[i]!))
    if (fills.position[i] !== 0) continue
    trades.push({
      openTime: open.time,
      closeTime: fills.localTime[i]!,
      side: open.side,
      size: largest,
      entryPrice: open.price,
      pnl: open.flow,
      fees: open.fees,
      funding: 0,
    })
    open = undefined
    largest = 0
  }
  return trades
}
