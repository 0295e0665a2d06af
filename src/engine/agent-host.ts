/** What a strategy on books may ask of its run. */
import type { BookView, OrderBookManager } from '../book/index.ts'
import { LobtraderError, didYouMean, type Prng } from '../core/index.ts'
import type { Instrument, RoundMode, Side } from '../market/index.ts'
import type { Order, Position } from '../order/index.ts'
import { durationNs, type Duration } from '../time/index.ts'
import type { Agent } from './agent.ts'
import type { Broker } from './broker.ts'
import type { Data } from './data.ts'
import type { LocalSide } from './local-side.ts'
import type { CancelAllOptions, OrderChange, OrderOptions } from './order-options.ts'
import type { RunClock } from './run-clock.ts'
import type { StrategyHost } from './strategy.ts'
import { timerInterval } from './timers.ts'

/** The run that a host speaks for. */
export interface HostedRun {
  readonly clock: RunClock
  readonly epochNs: bigint
  readonly books: OrderBookManager
  /** In the order in which they were added. */
  readonly datas: readonly Data[]
}

/**
 * The host of an agent's strategy. A class, because hosts must share one shape: a literal with
 * getters would have one of its own in every run, and each look at the book would search it.
 */
export class AgentHost implements StrategyHost {
  readonly instrument: Instrument
  readonly data: Data
  readonly datas: readonly Data[]
  readonly books: OrderBookManager
  readonly position: Position
  readonly broker: Broker
  readonly random: Prng
  readonly #clock: RunClock
  readonly #epochNs: bigint
  readonly #agent: Agent
  readonly #local: LocalSide

  constructor(run: HostedRun, agent: Agent, random: Prng) {
    const data = run.datas[0]!
    const { lane, position } = agent.accountOf(data)
    this.instrument = data.instrument
    this.data = data
    this.datas = run.datas
    this.books = run.books
    this.position = position
    this.broker = agent.broker
    this.random = random
    this.#clock = run.clock
    this.#epochNs = run.epochNs
    this.#agent = agent
    this.#local = lane.local
  }

  get book(): BookView {
    return this.#local.look()
  }

  get orders(): readonly Order[] {
    return this.#agent.orders.all()
  }

  get now(): number {
    return this.#clock.now
  }

  get nowNs(): bigint {
    return this.#epochNs + BigInt(this.#clock.now)
  }

  getData(name: string): Data {
    return findData(this.datas, name)
  }

  bookOf(data: Data): BookView {
    return this.#agent.accountOf(data).lane.local.look()
  }

  positionOf(data: Data): Position {
    return this.#agent.accountOf(data).position
  }

  send(side: Side, options: OrderOptions): Order {
    return this.#agent.send(side, options, options.data ?? this.data, this.#clock.now)
  }

  cancel(order: Order): void {
    this.#agent.cancel(order, this.#clock.now)
  }

  cancelAll({ side, data }: CancelAllOptions): void {
    this.#agent.cancelAll(side, this.#clock.now, data)
  }

  amend(order: Order, change: OrderChange): void {
    this.#agent.amend(order, change, this.#clock.now)
  }

  round(price: number, mode: RoundMode, data: Data = this.data): number {
    const { instrument, ticks } = this.#agent.accountOf(data).lane
    return instrument.price(ticks.roundToTicks(price, mode))
  }

  every(interval: Duration | string, callback: (() => void) | undefined): void {
    const agent = this.#agent
    const ns = timerInterval(interval)
    // A field of a strategy may ask for it before its hooks are known.
    agent.timers.add(this.#clock.now + ns, ns, () => agent.hooks.timer(callback))
  }

  after(delay: Duration | string, callback: () => void): void {
    this.#agent.timers.add(this.#clock.now + durationNs(delay), 0, callback)
  }

  stop(): void {
    this.#agent.hasStopped = true
  }
}

/**
 * Returns the data of a name: that given with it, its symbol, or `venue:symbol`.
 *
 * @throws LobtraderError ABSENT_SYMBOL with the nearest name, AMBIGUOUS_SYMBOL
 */
export function findData(datas: readonly Data[], name: string): Data {
  const named = datas.find((data) => data.name === name)
  if (named !== undefined) return named
  const found = datas.filter(
    ({ symbol, venue }) => symbol === name || `${venue}:${symbol}` === name,
  )
  if (found.length === 1) return found[0]!
  const names = datas.map((data) => data.name)
  if (found.length === 0) {
    throw new LobtraderError(
      'ABSENT_SYMBOL',
      `no data is called ${name}; there are ${names.join(', ')}${didYouMean(name, names)}`,
      { symbol: name },
    )
  }
  const choices = found.map(({ symbol, venue }) => `${venue}:${symbol}`).join(' or ')
  throw new LobtraderError('AMBIGUOUS_SYMBOL', `several data are of ${name}: say ${choices}`, {
    symbol: name,
  })
}
