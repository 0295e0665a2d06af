/** Runs over several instruments, for tests of the engine. */
import {
  Cerebro,
  Strategy,
  type BookDataOptions,
  type Data,
  type MarketTrade,
  type OrderOptions,
  type RunResult,
} from '../src/engine/index.ts'
import { Prng } from '../src/core/index.ts'
import { LobFeed } from '../src/feed/index.ts'
import { Instrument, type EventColumns } from '../src/market/index.ts'
import type { Order } from '../src/order/index.ts'
import {
  constantLatency,
  parseExchange,
  type ExchangeModel,
  type ExchangeName,
  type ExchangeSetup,
  type LatencyModel,
} from '../src/venue/index.ts'
import { book } from './scripted-run.ts'
import { unitInstrument } from './tape.ts'
import { wildTape } from './wild-tape.ts'

/** An instrument of tick 1 and lot 1 of that name. */
export function unitOf(symbol: string, venue = 'test'): Instrument {
  return new Instrument({ ...unitInstrument.spec, symbol, venue })
}

/** A feed of {@link unitOf}. */
export function feedOf(symbol: string, events: EventColumns, venue = 'test'): LobFeed {
  return LobFeed.fromEvents(unitOf(symbol, venue), events)
}

/** Latency of so many ns each way. */
export function latencyOf(entry: number, response = entry): LatencyModel {
  return constantLatency({ entry, response })
}

/** Trades one instrument at random, woken by all that happens to it, and writes down what it sees. */
export class OneBook extends Strategy.with({ symbol: 'A', every: '10ns', draws: 1 }) {
  readonly log: string[] = []
  readonly mine = this.getData(this.p.symbol)
  readonly #random = new Prng(this.p.draws)

  override start(): void {
    this.every(this.p.every)
  }
  override onBook(data: Data): void {
    if (data !== this.mine) return
    const { bestBidTicks, bestAskTicks, version } = this.bookOf(data)
    this.log.push(`${this.now} ${bestBidTicks} ${bestAskTicks} ${version}`)
    if (this.#random.nextInt(6) === 0) this.act()
  }
  override onTrade(trade: MarketTrade, data: Data): void {
    if (data !== this.mine) return
    this.log.push(`${this.now} ${trade.side} ${trade.sizeLots}@${trade.priceTicks}`)
  }
  override onTimer(): void {
    this.act()
  }
  override notifyOrder(order: Order): void {
    this.log.push(`${this.now} ${order.index} ${order.status} ${order.filledLots}`)
    if (order.status === 'filled' && this.#random.nextInt(3) === 0) this.act()
  }
  /** Sends, amends or cancels something. */
  act(): void {
    const random = this.#random
    const open = this.orders.filter((order) => order.isOpen)
    const draw = random.nextInt(10)
    if (draw < 2 && open.length > 0) this.cancel(open[random.nextInt(open.length)]!)
    else if (draw < 3 && open.length > 0) {
      this.amend(open[random.nextInt(open.length)]!, { price: 95 + random.nextInt(12) })
    } else {
      const tif = (['GTC', 'GTX', 'IOC', 'FOK'] as const)[random.nextInt(4)]!
      const price = 95 + random.nextInt(12)
      const order = { data: this.mine, price, size: 1 + random.nextInt(5), tif }
      if (random.nextInt(2) === 0) this.buy(order)
      else this.sell(order)
    }
  }
}

/** Trades every instrument of the run at random, by the numbers of the run. */
export class AllBooks extends Strategy.with({ every: '7ns' }) {
  readonly sorted = this.datas.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

  override start(): void {
    this.every(this.p.every)
  }
  override onTimer(): void {
    const { random } = this
    const data = this.sorted[random.nextInt(this.sorted.length)]!
    const open = this.orders.filter((order) => order.isOpen)
    if (random.nextInt(4) === 0 && open.length > 0) {
      this.cancel(open[random.nextInt(open.length)]!)
      return
    }
    const order = this.#draw(data)
    if (random.nextInt(2) === 0) this.buy(order)
    else this.sell(order)
  }
  override notifyOrder(order: Order): void {
    if (order.status === 'filled' && this.random.nextInt(2) === 0) this.onTimer()
  }
  /** Any order: half of them plain, the others wait for a price or end by themselves. */
  #draw(data: Data): OrderOptions {
    const { random } = this
    const price = 95 + random.nextInt(12)
    const trigger = 95 + random.nextInt(12)
    const common = { data, size: 1 + random.nextInt(5) }
    const draw = random.nextInt(10)
    if (draw === 0) return { ...common, trigger }
    if (draw === 1) return { ...common, trigger, price, triggerBy: 'mid' }
    if (draw === 2) return { ...common, type: 'take-profit', trigger, triggerBy: 'bid-ask' }
    if (draw === 3) return { ...common, trail: { price: 1 + random.nextInt(3) } }
    if (draw === 4) return { ...common, price, tif: 'GTD', expire: 1 + random.nextInt(60) }
    if (draw === 5) return { ...common, price, displaySize: 1 }
    return { ...common, price }
  }
}

/** `venue:symbol`. */
export function keyOf(data: Data): string {
  return `${data.venue}:${data.symbol}`
}

/** An exchange that does not tell where orders of ours rest: it goes from row to row. */
export function rowByRow(name: ExchangeName): ExchangeSetup {
  return {
    name,
    reads: 'levels',
    make: (parts) => withoutBounds(parseExchange(name).make(parts)),
  }
}

function withoutBounds(model: ExchangeModel): ExchangeModel {
  return new Proxy(model, {
    get: (target, name): unknown => {
      if (name === 'restingBidMax' || name === 'restingAskMin') return undefined
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** Runs a Cerebro over feeds. */
export async function runMany(
  feeds: readonly (readonly [feed: LobFeed, options?: BookDataOptions])[],
  addStrategies: (cerebro: Cerebro) => void,
  seed = 1,
): Promise<RunResult[]> {
  const cerebro = new Cerebro()
  for (const [feed, options] of feeds) cerebro.addData(feed, options)
  addStrategies(cerebro)
  return await cerebro.run({ seed, heatmap: false })
}

/** All that a run tells of orders and fills. */
export function deeds(result: RunResult): unknown {
  const { orders, fills, totals } = result.record
  return { orders, fills, totals }
}

/** A wild tape behind a book that is live from its first moment. */
export function liveTape(seed: number, rows: number): EventColumns {
  const tape = book(3)
  const wild = wildTape(seed, rows)
  for (let row = 0; row < wild.length; row++) {
    tape.row(
      wild.exchTime[row]! + 200,
      wild.code[row]!,
      wild.tick[row]!,
      wild.lots[row]!,
      wild.localTime[row]! + 200,
    )
  }
  return tape.bid(1500, 90, 1).events()
}
