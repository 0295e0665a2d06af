import { describe, expect, it } from 'vitest'
import { EventKind, KIND_MASK, codeSide, type EventColumns, type Side } from '../../market/index.ts'
import {
  SIMULATED_INSTRUMENT,
  SIMULATED_MARKET_DEFAULTS,
  type SimulatedMarketOptions,
} from './options.ts'
import { limitRatesByDistance, simulateMarket } from './simulated-market.ts'

const MINUTE_NS = 60e9

/** An independent L2 book: a map per side, best prices by search. */
class MapBook {
  readonly bids = new Map<number, number>()
  readonly asks = new Map<number, number>()
  bestBid = Number.NEGATIVE_INFINITY
  bestAsk = Number.POSITIVE_INFINITY

  set(side: Side, tick: number, lots: number): void {
    const levels = side > 0 ? this.bids : this.asks
    if (lots === 0) levels.delete(tick)
    else levels.set(tick, lots)
    if (side > 0) this.bestBid = Math.max(...levels.keys())
    else this.bestAsk = Math.min(...levels.keys())
  }

  lotsAt(side: Side, tick: number): number {
    return (side > 0 ? this.bids : this.asks).get(tick) ?? 0
  }

  get mid(): number {
    return (this.bestBid + this.bestAsk) / 2
  }
}

function check(isTrue: boolean, what: string, row: number): void {
  if (!isTrue) throw new Error(`row ${row}: ${what}`)
}

/** One order event as the feed shows it: rows [from, to) with one venue time. */
interface Message {
  readonly kind: 'limit' | 'cancel' | 'market'
  readonly side: Side
  readonly tick: number
  readonly time: number
  /** Best opposite price before the message, ticks. */
  readonly opposite: number
  /** Mid before the message, ticks. */
  readonly mid: number
}

/** Replays a session on the independent book, checking each row, and lists its order events. */
function replay(
  events: EventColumns,
  onMessage: (message: Message, book: MapBook) => void,
): MapBook {
  const book = new MapBook()
  let row = 1
  for (; (events.code[row]! & KIND_MASK) !== EventKind.SnapshotEnd; row++) {
    book.set(codeSide(events.code[row]!) as Side, events.tick[row]!, events.lots[row]!)
  }
  for (row++; row < events.length;) {
    const time = events.exchTime[row]!
    const { bestBid, bestAsk, mid } = book
    const isTrade = (events.code[row]! & KIND_MASK) === EventKind.Trade
    const side = codeSide(events.code[row]!) as Side
    const tick = events.tick[row]!
    const opposite = side > 0 ? bestAsk : bestBid
    let kind: Message['kind'] = 'market'
    if (isTrade) {
      row = replayMarketOrder(events, row, book)
    } else {
      const before = book.lotsAt(side, tick)
      const after = events.lots[row]!
      check(after !== before, 'changes nothing', row)
      kind = after > before ? 'limit' : 'cancel'
      book.set(side, tick, after)
      row++
    }
    check(book.bestBid < book.bestAsk, 'crossed before it', row)
    onMessage({ kind, side, tick, time, opposite, mid }, book)
  }
  return book
}

/** Each level: trades at the best price, then the level without exactly what traded. */
function replayMarketOrder(events: EventColumns, from: number, book: MapBook): number {
  const time = events.exchTime[from]!
  const side = codeSide(events.code[from]!) as Side
  const maker: Side = side > 0 ? -1 : 1
  let row = from
  while (row < events.length && (events.code[row]! & KIND_MASK) === EventKind.Trade) {
    if (events.exchTime[row] !== time || codeSide(events.code[row]!) !== side) break
    const tick = events.tick[row]!
    check(tick === (side > 0 ? book.bestAsk : book.bestBid), 'trades at the best price', row)
    let traded = 0
    while ((events.code[row]! & KIND_MASK) === EventKind.Trade && events.tick[row] === tick) {
      check(events.lots[row]! > 0, 'trades something', row)
      traded += events.lots[row]!
      row++
    }
    check(
      codeSide(events.code[row]!) === maker && events.tick[row] === tick,
      'tells the level',
      row,
    )
    check(events.lots[row] === book.lotsAt(maker, tick) - traded, 'loses what traded', row)
    book.set(maker, tick, events.lots[row]!)
    row++
  }
  return row
}

/** How many standard deviations a Poisson count lies from its mean. */
function poissonDeviations(count: number, mean: number): number {
  return Math.abs(count - mean) / Math.sqrt(mean)
}

/** Orders of one lot: sizes count orders, so that the feed shows the rates of the model. */
const UNIT_ORDERS: Partial<SimulatedMarketOptions> = {
  limitSizeMean: 0.001,
  limitSizeLogDeviation: 0,
  marketSizeMean: 0.001,
  marketSizeTail: 100,
  durationNs: 2 * MINUTE_NS,
}

describe('simulateMarket', () => {
  it('begins with a whole snapshot and then tells every change of every level', () => {
    const { events } = simulateMarket({ seed: 3, durationNs: MINUTE_NS })
    expect(events.code[0]! & KIND_MASK).toBe(EventKind.SnapshotBegin)
    let messages = 0
    const book = replay(events, () => messages++)
    expect(messages).toBeGreaterThan(20_000)
    expect(Math.min(book.bids.size, book.asks.size)).toBeGreaterThan(3)
  })

  it('lets orders arrive and leave at the rates of its table when nobody is informed', () => {
    const options = { ...SIMULATED_MARKET_DEFAULTS, ...UNIT_ORDERS, informedShare: 0, quoteTilt: 0 }
    const { events } = simulateMarket(options)
    const marketMinutes = (options.durationNs / MINUTE_NS) * options.tempo
    const rates = limitRatesByDistance(options)
    const limits = new Float64Array(rates.length + 1)
    const cancels = new Float64Array(options.cancelRates.length + 1)
    const orderMinutes = new Float64Array(options.cancelRates.length + 1)
    const counts = { limit: 0, cancel: 0, market: 0, buy: 0 }
    let last = events.exchTime[0]!
    let lifetimes: { readonly at: number; readonly orders: number }[] = []
    replay(events, ({ kind, side, tick, time, opposite }, book) => {
      counts[kind]++
      const distance = (opposite - tick) * side
      if (kind === 'limit') limits[distance]!++
      if (kind === 'cancel') cancels[Math.min(distance, 5)]!++
      if (kind === 'market' && side > 0) counts.buy++
      for (const { at, orders } of lifetimes) {
        orderMinutes[at]! += (orders * (time - last) * options.tempo) / MINUTE_NS
      }
      lifetimes = [...book.bids].map(([t, orders]) => ({
        at: Math.min(book.bestAsk - t, 5),
        orders,
      }))
      for (const [t, orders] of book.asks)
        lifetimes.push({ at: Math.min(t - book.bestBid, 5), orders })
      last = time
    })
    expect(poissonDeviations(counts.market, 2 * options.marketRate * marketMinutes)).toBeLessThan(5)
    expect(poissonDeviations(counts.buy, options.marketRate * marketMinutes)).toBeLessThan(5)
    for (let i = 1; i <= rates.length; i++)
      expect(poissonDeviations(limits[i]!, 2 * rates[i - 1]! * marketMinutes)).toBeLessThan(5)
    for (let i = 1; i <= 5; i++) {
      expect(
        poissonDeviations(cancels[i]!, options.cancelRates[i - 1]! * orderMinutes[i]!),
      ).toBeLessThan(5)
    }
  })

  it('keeps the total rates whatever the news, because the flow only leans', () => {
    const options = { ...SIMULATED_MARKET_DEFAULTS, durationNs: 4 * MINUTE_NS, informedShare: 1 }
    const { events } = simulateMarket(options)
    const marketMinutes = (options.durationNs / MINUTE_NS) * options.tempo
    const rate = limitRatesByDistance(options).reduce((sum, each) => sum + each, 0)
    const counts = { limit: 0, cancel: 0, market: 0 }
    replay(events, ({ kind }) => counts[kind]++)
    expect(poissonDeviations(counts.market, 2 * options.marketRate * marketMinutes)).toBeLessThan(5)
    expect(poissonDeviations(counts.limit, 2 * rate * marketMinutes)).toBeLessThan(5)
  })

  it('gives each message a venue time in order and a later receive time in order', () => {
    const { feedLatencyNs, feedJitterNs } = SIMULATED_MARKET_DEFAULTS
    const { events } = simulateMarket({ seed: 5, durationNs: MINUTE_NS })
    let delays = 0
    for (let i = 0; i < events.length; i++) {
      const exch = events.exchTime[i]!
      const local = events.localTime[i]!
      check(events.seq[i] === i + 1, 'has the next sequence number', i)
      check(Number.isInteger(exch) && Number.isInteger(local), 'has whole nanoseconds', i)
      check(local - exch >= feedLatencyNs, 'travels that long at least', i)
      check(i === 0 || exch >= events.exchTime[i - 1]!, 'happens in order', i)
      check(i === 0 || local >= events.localTime[i - 1]!, 'arrives in order', i)
      delays += local - exch
    }
    expect(events.exchOrder).toBeUndefined()
    // Waiting for the message before adds to the drawn delay, so the mean lies above its own.
    expect(delays / events.length).toBeGreaterThan(feedLatencyNs + 0.9 * feedJitterNs)
    expect(delays / events.length).toBeLessThan(feedLatencyNs + 2 * feedJitterNs)
  })

  it('repeats itself for a seed and differs for another', () => {
    const columns = (seed: number): readonly ArrayLike<number>[] => {
      const { events } = simulateMarket({ seed, durationNs: 20e9 })
      return [events.exchTime, events.localTime, events.code, events.tick, events.lots, events.seq]
    }
    expect(columns(11)).toEqual(columns(11))
    expect(columns(11)[0]).not.toEqual(columns(12)[0])
    expect(columns(11)[3]).not.toEqual(columns(12)[3])
  })

  it('starts at the price and the moment that it was given', () => {
    const startNs = 1_700_000_000_000_000_000n
    const { events } = simulateMarket({ startNs, startPrice: 250, durationNs: 1e9 })
    expect(events.epochNs + BigInt(events.exchTime[0]!)).toBe(startNs)
    const ticks = Array.from(events.tick.subarray(1, 5))
    for (const tick of ticks)
      expect(Math.abs(SIMULATED_INSTRUMENT.price(tick) - 250)).toBeLessThan(3)
  })

  it.each([21, 22, 23])('has the statistics that it states (seed %i)', (seed) => {
    const { events } = simulateMarket({ seed, durationNs: 5 * MINUTE_NS })
    const trades: { readonly time: number; readonly side: Side; readonly mid: number }[] = []
    const mids: { readonly time: number; readonly mid: number }[] = []
    const first = events.exchTime[0]!
    let narrow = 0
    let spread = 0
    let last = first
    const samples: number[] = []
    replay(events, ({ kind, side, time, mid }, book) => {
      if (spread <= 3) narrow += time - last
      spread = book.bestAsk - book.bestBid
      last = time
      if (kind === 'market') trades.push({ time, side, mid })
      mids.push({ time, mid: book.mid })
      while (first + samples.length * 10e9 <= time) samples.push(mid)
    })
    expect(narrow / (last - first)).toBeGreaterThan(0.92)
    let squares = 0
    for (let i = 1; i < samples.length; i++) squares += (samples[i]! - samples[i - 1]!) ** 2
    const sigma = Math.sqrt(squares / (samples.length - 1) / 10) * SIMULATED_INSTRUMENT.tickSize
    expect(sigma).toBeGreaterThan(0.18)
    expect(sigma).toBeLessThan(0.45)
    // Adverse selection: the price goes where the taker went.
    let row = 0
    let moved = 0
    for (const { time, side, mid } of trades) {
      while (row + 1 < mids.length && mids[row + 1]!.time <= time + 1e9) row++
      moved += side * (mids[row]!.mid - mid)
    }
    expect(moved / trades.length).toBeGreaterThan(0.1)
  })

  it('follows its fundamental price: drift moves the market at that speed', () => {
    const { events } = simulateMarket({
      durationNs: MINUTE_NS,
      fundamentalVolatility: 0,
      fundamentalDrift: 0.3,
    })
    let first = Number.NaN
    const book = replay(events, ({ mid }) => {
      if (Number.isNaN(first)) first = mid
    })
    const moved = (book.mid - first) * SIMULATED_INSTRUMENT.tickSize
    expect(moved).toBeGreaterThan(0.3 * 60 - 2)
    expect(moved).toBeLessThan(0.3 * 60 + 2)
  })

  it('never empties a side, however hard it is hit', () => {
    const { events } = simulateMarket({
      durationNs: 20e9,
      marketRate: 20,
      marketSizeMean: 50,
      sweepTicksMax: 2000,
      limitDistanceMax: 3,
    })
    let least = Number.POSITIVE_INFINITY
    replay(events, (_message, book) => {
      least = Math.min(least, book.bids.size, book.asks.size)
    })
    expect(least).toBe(1)
  })

  it.each([
    [{ tempo: Number.NaN }, 'tempo'],
    [{ durationNs: 1.5 }, 'durationNs'],
    [{ informedShare: 1.2 }, 'informedShare'],
    [{ limitRates: [] }, 'limitRates'],
    [{ cancelRates: [0.5, -1] }, 'cancelRates'],
    [{ startPrice: 10 }, 'startPrice'],
  ] satisfies [Partial<SimulatedMarketOptions>, string][])(
    'refuses %o by name',
    (options, name) => {
      expect(() => simulateMarket(options)).toThrow(`BAD_ARGUMENT: ${name} of the simulated market`)
    },
  )
})
