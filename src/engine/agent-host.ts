/** What a strategy on books may ask of its run. */
import type { OrderBookManager } from '../book/index.ts'
import { LobtraderError, didYouMean, type Prng } from '../core/index.ts'
import { durationNs } from '../time/index.ts'
import type { Agent } from './agent.ts'
import type { Data } from './data.ts'
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

/** Returns the host of an agent's strategy. */
export function agentHost(run: HostedRun, agent: Agent, random: Prng): StrategyHost {
  const { clock, datas } = run
  const data = datas[0]!
  const { local } = agent.accountOf(data).lane
  return {
    instrument: data.instrument,
    random,
    data,
    datas,
    getData: (name) => findData(datas, name),
    // The host hands out live views: getters, so that a strategy always reads the present.
    get book() {
      return local.look()
    },
    bookOf: (of) => agent.accountOf(of).lane.local.look(),
    books: run.books,
    position: agent.accountOf(data).position,
    positionOf: (of) => agent.accountOf(of).position,
    broker: agent.broker,
    orders: agent.orders,
    get now() {
      return clock.now
    },
    get nowNs() {
      return run.epochNs + BigInt(clock.now)
    },
    send: (side, options) => agent.send(side, options, options.data ?? data, clock.now),
    cancel: (order) => agent.cancel(order, clock.now),
    cancelAll: ({ side, data: of }) => agent.cancelAll(side, clock.now, of),
    amend: (order, change) => agent.amend(order, change, clock.now),
    round: (price, mode, of = data) => {
      const { instrument, ticks } = agent.accountOf(of).lane
      return instrument.price(ticks.roundToTicks(price, mode))
    },
    every: (interval, callback) => {
      const ns = timerInterval(interval)
      agent.timers.add(clock.now + ns, ns, () => agent.hooks.timer(callback))
    },
    after: (delay, callback) => {
      agent.timers.add(clock.now + durationNs(delay), 0, callback)
    },
    stop: () => {
      agent.hasStopped = true
    },
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
