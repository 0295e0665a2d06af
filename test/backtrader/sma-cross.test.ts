import { beforeAll, expect, it } from 'vitest'
import { Cerebro, Strategy, type RunResult, type TradeRecord } from '../../src/engine/index.ts'
import type { CsvBars } from '../../src/feed/index.ts'
import type { Order } from '../../src/order/index.ts'
import { LineClock, crossOver, sma } from '../../src/study/index.ts'
import { BarExchange } from '../../src/venue/index.ts'
import { describeWithData } from '../shared-data.ts'
import { dayOf, openBars2006, readCrossCase, type CrossCase, type CrossEvent } from './reference.ts'

const CASH = 10_000
const PERIOD = 15

/** What both ways of running the case write down. */
interface Diary {
  readonly events: CrossEvent[]
  readonly values: number[]
}

/** The strategy of the case. */
class SmaCross extends Strategy.with({ period: PERIOD }) {
  readonly diary: Diary = { events: [], values: [] }
  readonly closedTrades: TradeRecord[] = []
  readonly openedTrades: TradeRecord[] = []
  readonly preparing: number[] = []
  readonly starting: number[] = []
  readonly #cross = crossOver(this.data.close, sma(this.data.close, this.p.period))
  #pending: Order | undefined

  get #day(): string {
    return new Date(Number(this.nowNs / 1_000_000n)).toISOString().slice(0, 10)
  }

  override prenext(): void {
    this.preparing.push(this.data.length)
  }

  override nextstart(): void {
    this.starting.push(this.data.length)
    this.next()
  }

  override next(): void {
    this.diary.values.push(this.broker.value)
    if (this.#pending !== undefined) return
    const signal = this.#cross.at(0)
    if (this.position.size === 0 && signal > 0) this.#create('buyCreated', this.buy())
    else if (this.position.size > 0 && signal < 0) this.#create('sellCreated', this.close())
  }

  override notifyOrder(order: Order): void {
    if (order.status !== 'filled') return
    this.#pending = undefined
    this.diary.events.push({
      event: order.isBuy ? 'buyExecuted' : 'sellExecuted',
      date: this.#day,
      // The fill comes before the bar's own values: the lines still end one bar earlier.
      index0: this.data.length,
      price: order.averagePrice,
      size: order.side * order.filled,
      comm: 0,
    })
  }

  override notifyTrade(trade: TradeRecord): void {
    if (Number.isNaN(trade.closeTime)) this.openedTrades.push(trade)
    else this.closedTrades.push(trade)
  }

  #create(event: 'buyCreated' | 'sellCreated', order: Order | undefined): void {
    this.#pending = order
    this.diary.events.push({
      event,
      date: this.#day,
      index0: this.data.length - 1,
      close: this.data.close.at(0),
    })
  }
}

/** The same by hand, on the parts alone: lines, their clock, and the exchange. */
function runByHand(feed: CsvBars): Diary & { readonly cash: number; readonly value: number } {
  const { bars } = feed
  const clock = new LineClock()
  const close = clock.source('close')
  const cross = crossOver(close, sma(close, PERIOD))
  const exchange = new BarExchange()
  const diary: Diary = { events: [], values: [] }
  let cash = CASH
  let size = 0
  let value = CASH
  for (let i = 0; i < bars.length; i++) {
    const date = dayOf(feed, bars.time[i]!)
    const [open, high, low, last] = [bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!]
    exchange.onBar({ open, high, low, close: last }, (id, price, filled) => {
      const side = id % 2 === 1 ? 1 : -1
      size += side * filled
      cash -= side * filled * price
      const event = side > 0 ? 'buyExecuted' : 'sellExecuted'
      diary.events.push({ event, date, index0: i, price, size: side * filled, comm: 0 })
    })
    close.push(last)
    clock.advance()
    if (clock.length < clock.minPeriod) continue
    value = cash + size * last
    diary.values.push(value)
    if (exchange.openCount > 0) continue
    const side = size === 0 && cross.at(0) > 0 ? 1 : size > 0 && cross.at(0) < 0 ? -1 : 0
    if (side === 0) continue
    // Odd ids buy, even ids sell.
    const id = side > 0 ? 2 * i + 1 : 2 * i
    exchange.submit({ id, side, type: 'market', price: Number.NaN, size: 1 })
    diary.events.push({
      event: side > 0 ? 'buyCreated' : 'sellCreated',
      date,
      index0: i,
      close: close.at(0),
    })
  }
  return { ...diary, cash, value }
}

const textOf = (diary: Diary, event: CrossEvent['event']): string[] =>
  diary.events
    .filter((entry) => entry.event === event)
    .map(({ close, price }) => (close ?? price!).toFixed(2))

/** The largest distance between two series of equal length. */
const distance = (actual: readonly number[], expected: readonly number[]): number => {
  expect(actual.length).toBe(expected.length)
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))
}

describeWithData('backtrader run sma_cross_stock', () => {
  let feed: CsvBars
  let reference: CrossCase
  let result: RunResult
  let strategy: SmaCross
  beforeAll(async () => {
    feed = await openBars2006()
    reference = readCrossCase()
    const cerebro = new Cerebro({ cash: CASH })
    cerebro.addData(feed)
    cerebro.addStrategy(SmaCross, { period: PERIOD })
    const results = await cerebro.run()
    result = results[0]!
    strategy = result.strategy as SmaCross
  })

  /** Every order as the acceptance file has it: prices, bars, dates, sizes, order of events. */
  function expectDiary(diary: Diary): void {
    expect(diary.events).toEqual(reference.measuredByRun.events)
    const { expected } = reference
    expect(textOf(diary, 'buyCreated')).toEqual(expected.buyCreatedClose)
    expect(textOf(diary, 'buyExecuted')).toEqual(expected.buyExecutedPrice)
    expect(textOf(diary, 'sellCreated')).toEqual(expected.sellCreatedClose)
    expect(textOf(diary, 'sellExecuted')).toEqual(expected.sellExecutedPrice)
    expect(distance(diary.values, reference.measuredByRun.valueAtEachNext.values)).toBeLessThan(
      1e-9,
    )
  }

  it('is reproduced by lines, clock and exchange in a loop by hand', () => {
    const byHand = runByHand(feed)
    expectDiary(byHand)
    expect(byHand.cash.toFixed(2)).toBe(reference.expected.finalCash)
    expect(byHand.value.toFixed(2)).toBe(reference.expected.finalValue)
  })

  it('is reproduced by Cerebro: every order, its bar and its price, and the value at each next', () => {
    expect(feed.bars.length).toBe(255)
    expectDiary(strategy.diary)
  })

  it('ends with the same cash and value', () => {
    const { finalCash, finalValue } = reference.measuredByRun
    expect(Math.abs(strategy.broker.cash - finalCash)).toBeLessThan(1e-9)
    expect(Math.abs(strategy.broker.value - finalValue)).toBeLessThan(1e-9)
    expect(strategy.broker.getCash().toFixed(2)).toBe(reference.expected.finalCash)
    expect(strategy.broker.getValue().toFixed(2)).toBe(reference.expected.finalValue)
    const { totals } = result.record
    expect(totals.position).toBe(1)
    expect(totals.startingCash + totals.net).toBeCloseTo(finalValue, 9)
  })

  it('warms up on the first 15 bars and begins on the 16th', () => {
    expect(strategy.preparing).toEqual(Array.from({ length: PERIOD }, (_, i) => i + 1))
    expect(strategy.starting).toEqual([reference.measuredByRun.valueAtEachNext.firstIndex0 + 1])
  })

  it('tells of the same trades', () => {
    const bar = (time: number): number => feed.bars.time.indexOf(time)
    const closed = strategy.closedTrades.map((trade) => ({
      dtopen: dayOf(feed, trade.openTime),
      dtclose: dayOf(feed, trade.closeTime),
      barlen: bar(trade.closeTime) - bar(trade.openTime),
      price: trade.entryPrice,
      commission: trade.fees,
    }))
    const { closedTrades } = reference.measuredByRun
    expect(closed).toEqual(
      closedTrades.map(({ dtopen, dtclose, barlen, price, commission }) => ({
        dtopen,
        dtclose,
        barlen,
        price,
        commission,
      })),
    )
    expect(
      distance(
        strategy.closedTrades.map(({ pnl }) => pnl),
        closedTrades.map(({ pnl }) => pnl),
      ),
    ).toBeLessThan(1e-9)
    expect(strategy.openedTrades.length).toBe(12)
    expect(result.record.trades.length).toBe(12)
  })

  it('gives the same run hash again, and another for another period', async () => {
    const hashOf = async (period: number): Promise<string> => {
      const cerebro = new Cerebro({ cash: CASH })
      cerebro.addData(await openBars2006())
      cerebro.addStrategy(SmaCross, { period })
      return (await cerebro.run())[0]!.runHash
    }
    expect(await hashOf(PERIOD)).toBe(result.runHash)
    expect(await hashOf(PERIOD + 1)).not.toBe(result.runHash)
  })
})
