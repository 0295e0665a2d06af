/** An exchange over a small tape, driven by hand, for tests of one situation each. */
import { memoryTape, type Side } from '../src/market/index.ts'
import {
  parseExchange,
  parseQueueModel,
  type ExchangeModel,
  type ExchangeOrder,
} from '../src/venue/index.ts'
import { ExchangeLog } from './exchange-log.ts'
import { unitInstrument, type Tape } from './tape.ts'

type Terms = Partial<Omit<ExchangeOrder, 'index' | 'side' | 'sizeLots'>>

/** An exchange over a tape, driven by hand; each call tells what was reported since the last. */
export class Scene {
  readonly exchange: ExchangeModel
  readonly #log = new ExchangeLog()
  #sent: ExchangeOrder[] = []
  #time = 0

  constructor(name: string, tape: Tape, queue = 'risk-averse') {
    this.exchange = parseExchange(name).make({
      instrument: unitInstrument,
      windows: memoryTape(tape.events()).exchange(),
      queue: parseQueueModel(queue),
      reports: this.#log,
    })
  }

  /** Lets the market go on to `time`. */
  until(time: number): string[] {
    this.#time = time
    while (this.exchange.advance(time));
    return this.#news()
  }

  order(side: Side, sizeLots: number, priceTicks?: number, terms: Terms = {}): string[] {
    const index = this.#sent.length
    const type = priceTicks === undefined ? 'market' : 'limit'
    const order: ExchangeOrder = {
      index,
      side,
      type,
      timeInForce: 'GTC',
      priceTicks: priceTicks ?? 0,
      sizeLots,
      owner: 0,
      ...terms,
    }
    this.#sent.push(order)
    this.exchange.submit(order, this.#time)
    return this.#news()
  }

  buy(sizeLots: number, priceTicks?: number, terms?: Terms): string[] {
    return this.order(1, sizeLots, priceTicks, terms)
  }

  sell(sizeLots: number, priceTicks?: number, terms?: Terms): string[] {
    return this.order(-1, sizeLots, priceTicks, terms)
  }

  cancel(index: number): string[] {
    this.exchange.cancel(index, this.#time)
    return this.#news()
  }

  amend(index: number, change: { sizeLots?: number; priceTicks?: number }): string[] {
    this.#sent[index] = { ...this.#sent[index]!, ...change }
    this.exchange.amend(this.#sent[index]!, this.#time)
    return this.#news()
  }

  /** Reports without their times, which are those of the rows or of the requests. */
  #news(): string[] {
    return this.#log.news().map((line) => line.slice(line.indexOf(' ') + 1))
  }
}
