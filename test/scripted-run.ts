/** Runs scripted and random strategies over small tapes, for tests of the engine. */
import { LobFeed } from '../src/feed/index.ts'
import {
  Cerebro,
  Strategy,
  type OrderOptions,
  type RunResult,
  type StrategyClass,
} from '../src/engine/index.ts'
import type { EventColumns, Instrument } from '../src/market/index.ts'
import type { Order } from '../src/order/index.ts'
import {
  constantLatency,
  riskAverseQueue,
  type ExchangeName,
  type ExchangeSetup,
  type QueueModel,
} from '../src/venue/index.ts'
import { Tape, unitInstrument } from './tape.ts'

/** How a scripted run differs from the plainest one. */
export interface Settings {
  readonly entry?: number
  readonly response?: number
  readonly queue?: QueueModel
  /** Default `no-partial`. */
  readonly exchange?: ExchangeName | ExchangeSetup
  readonly instrument?: Instrument
  readonly seed?: number
}

/** Runs a strategy class over a tape. */
export async function run(
  events: EventColumns,
  strategy: StrategyClass,
  settings: Settings = {},
): Promise<RunResult> {
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(settings.instrument ?? unitInstrument, events), {
    latency: constantLatency({ entry: settings.entry ?? 0, response: settings.response ?? 0 }),
    queue: settings.queue ?? riskAverseQueue(),
    exchange: settings.exchange ?? 'no-partial',
    fees: { makerBps: -1, takerBps: 2 },
  })
  cerebro.addStrategy(strategy)
  const [result] = await cerebro.run({ seed: settings.seed ?? 0 })
  return result!
}

/** An order to send, and when to cancel it. */
export type Action = { readonly side: 1 | -1 } & OrderOptions & { readonly cancelAt?: number }

/** Sends scripted orders at scripted times. */
export function script(
  actions: Readonly<Record<number, Action | readonly Action[]>>,
): StrategyClass {
  return class Script extends Strategy {
    override start(): void {
      for (const [time, given] of Object.entries(actions)) {
        for (const action of Array.isArray(given) ? given : [given]) {
          this.after(Number(time) - this.now, () => {
            const order = action.side > 0 ? this.buy(action) : this.sell(action)
            if (action.cancelAt !== undefined) {
              this.after(action.cancelAt - this.now, () => this.cancel(order))
            }
          })
        }
      }
    }
  } as unknown as StrategyClass
}

/** Every order of a run. */
export const orders = (result: RunResult): readonly Order[] => result.strategy.orders
/** Their statuses. */
export const statuses = (result: RunResult): string[] => orders(result).map((order) => order.status)
/** A tape that begins with a book of 100 x 10, 99 x 5 against 102 x 10, 103 x 5. */
export const book = (feedLatency = 0): Tape =>
  new Tape(feedLatency).snapshot(
    0,
    [
      [100, 10],
      [99, 5],
    ],
    [
      [102, 10],
      [103, 5],
    ],
  )

/** A strategy that acts at random: the run's own seed decides. */
export class Monkey extends Strategy.with({ every: '10ns' }) {
  override start(): void {
    this.every(this.p.every)
  }
  override onTimer(): void {
    const { random } = this
    const draw = random.next()
    if (draw < 0.3) {
      const open = this.orders.filter((order) => order.isOpen)
      if (open.length > 0) this.cancel(open[random.nextInt(open.length)]!)
    } else {
      const side = random.next() < 0.5 ? 1 : -1
      const tif = (['GTC', 'GTX', 'IOC', 'FOK'] as const)[random.nextInt(4)]!
      const price = 95 + random.nextInt(12)
      const size = 1 + random.nextInt(5)
      if (side > 0) this.buy({ price, size, tif })
      else this.sell({ price, size, tif })
    }
  }
}

/** A random market that never crosses. */
export function randomTape(seed: number): EventColumns {
  const tape = book(4)
  let bid = 100
  let ask = 102
  let state = seed
  const next = (bound: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * bound)
  }
  for (let i = 1; i < 400; i++) {
    const time = i * 5
    const draw = next(10)
    if (draw < 4) tape.trade(time, draw < 2 ? 1 : -1, draw < 2 ? ask : bid, 1 + next(6))
    else if (draw < 7) tape.bid(time, bid - next(3), 1 + next(20))
    else if (draw < 9) tape.ask(time, ask + next(3), 1 + next(20))
    else if (next(2) === 0 && ask - bid > 1) tape.bid(time, ++bid, 1 + next(9))
    else if (bid > 96)
      tape
        .bid(time, bid--, 0)
        .bid(time, bid, 1 + next(9))
        .ask(time, --ask, 1 + next(9))
  }
  return tape.events()
}
