/**
 * The base of every strategy: one class for books and bars, for backtest and live.
 *
 * A hook that a strategy does not override is never called and costs nothing.
 */
import type { z } from 'zod'
import type { BookQueries, BookStatus, BookView } from '../book/index.ts'
import { LobtraderError, type Prng } from '../core/index.ts'
import type { Instrument, RoundMode, Side } from '../market/index.ts'
import type { Order, Position } from '../order/index.ts'
import type { Duration } from '../time/index.ts'
import type { Broker } from './broker.ts'
import type { Data } from './data.ts'
import type {
  Bracket,
  BracketOptions,
  CancelAllOptions,
  OrderChange,
  OrderOptions,
} from './order-options.ts'
import {
  parameterSchema,
  type ParameterDeclaration,
  type ParameterValues,
  type ParametersOf,
} from './parameters.ts'
import type { LatencyByVenue } from './run-latency.ts'
import type { TradeRecord } from './run-record.ts'

/** A trade of the market as the strategy sees it. */
export interface MarketTrade {
  /** When it reached us, ns since the run's epoch. */
  readonly time: number
  /** Quote units. */
  readonly price: number
  readonly priceTicks: number
  /** Base units or contracts. */
  readonly size: number
  readonly sizeLots: number
  /** Side of the aggressor, 0 where the venue does not tell. */
  readonly side: Side | 0
}

/** How a price between two grid points is rounded; `passive` away from the market by side. */
export type PriceRounding = RoundMode | 'passive'

/** Everything that a strategy may ask of the engine that runs it. */
export interface StrategyHost {
  readonly instrument: Instrument
  readonly data: Data
  readonly datas: readonly Data[]
  getData(name: string): Data
  readonly book: BookView
  bookOf(data: Data): BookView
  readonly books: BookQueries
  readonly position: Position
  positionOf(data: Data): Position
  readonly broker: Broker
  readonly orders: readonly Order[]
  readonly now: number
  readonly nowNs: bigint
  readonly random: Prng
  send(side: Side, options: OrderOptions): Order
  cancel(order: Order): void
  cancelAll(of: CancelAllOptions): void
  amend(order: Order, change: OrderChange): void
  round(price: number, mode: RoundMode, data?: Data): number
  every(intervalNs: Duration | string, callback: (() => void) | undefined): void
  after(delayNs: Duration | string, callback: () => void): void
  stop(): void
}

/** What the engine hands to the strategy that it is about to construct. */
export interface Construction {
  readonly host: StrategyHost
  readonly parameters: ParameterValues
}

// The engine constructs strategies of the user's own classes, whose fields must already see the
// data: the hand-over cannot be a constructor argument that every subclass would have to pass on.
let construction: Construction | undefined

/** Constructs a strategy so that its field initialisers already see parameters and data. */
export function constructStrategy<T>(make: new () => T, given: Construction): T {
  construction = given
  try {
    return new make()
  } finally {
    construction = undefined
  }
}

/** A strategy class, concrete, with parameters `P`. */
export interface StrategyClass<P extends object = object> {
  new (): Strategy & { readonly p: Readonly<P> }
  readonly declarations: readonly ParameterDeclaration[]
}

/** A strategy class with the parameters that it was added with. */
export interface StrategyEntry {
  readonly strategyClass: StrategyClass
  readonly name: string
  readonly parameters: ParameterValues
  /** How its own messages travel, where not as those of everybody. */
  readonly latency?: LatencyByVenue | undefined
}

export type AbstractStrategy = abstract new () => Strategy

/** A strategy class from which {@link Strategy.with} made one with more parameters. */
export type WithParameters<Base extends AbstractStrategy, P extends object> = {
  [K in keyof Base]: Base[K]
} & (abstract new () => InstanceType<Base> & { readonly p: Readonly<P> })

/** @see module comment */
export abstract class Strategy {
  /** Parameter declarations, base class first. */
  static readonly declarations: readonly ParameterDeclaration[] = []
  /** Parameters: defaults overridden by what `addStrategy` was given. */
  readonly p: Readonly<object>
  readonly #host: StrategyHost

  /** @throws LobtraderError BAD_ARGUMENT when constructed by hand instead of by a Cerebro */
  constructor() {
    if (construction === undefined) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        'a strategy is constructed by cerebro.addStrategy(Class, parameters), not with new',
      )
    }
    this.#host = construction.host
    this.p = construction.parameters
  }

  /**
   * Returns a base class whose `this.p` holds these parameters, typed, on top of those that the
   * class it is called on already has.
   */
  static with<T extends AbstractStrategy, S extends z.ZodObject>(
    this: T,
    schema: S,
  ): WithParameters<T, z.output<S>>
  static with<T extends AbstractStrategy, const D extends ParameterValues>(
    this: T,
    defaults: D,
  ): WithParameters<T, ParametersOf<D>>
  static with(this: AbstractStrategy, declaration: ParameterDeclaration): AbstractStrategy {
    const base = this as unknown as typeof Strategy
    abstract class Parametrised extends base {
      static override readonly declarations = [...base.declarations, declaration]
    }
    return Parametrised as unknown as AbstractStrategy
  }

  /** Called once, before the first event. */
  start(): void {}
  /** Called on each bar while indicators warm up. */
  prenext(): void {}
  /** Called on the first bar on which every indicator has a value; calls `next` unless overridden. */
  nextstart(): void {
    this.next()
  }
  /** Called on each bar of the first data; on a book, on each change of that of the first data. */
  next(): void {}
  /** Called after each group of rows of one book that reach us together. */
  onBook(_data: Data): void {}
  /** Called for each trade of the market. */
  onTrade(_trade: MarketTrade, _data: Data): void {}
  /** Called by `this.every(...)` without a callback. */
  onTimer(): void {}
  /** Called on each completed bar of any data. */
  onBar(_data: Data): void {}
  /** Called on each change of a book's status. */
  onBookStatus(_status: BookStatus, _data: Data): void {}
  /** Called when we learn of a change of one of our orders. */
  notifyOrder(_order: Order): void {}
  /** Called when a position opens (`closeTime` NaN) and when it is flat again. */
  notifyTrade(_trade: TradeRecord): void {}
  /** Called before `next` on each bar with cash and value of the account. */
  notifyCashValue(_cash: number, _value: number): void {}
  /** Called when a data begins (`live`) and ends (`ended`). */
  notifyData(_data: Data, _status: 'live' | 'ended'): void {}
  /** Called once, after the last event. */
  stop(): void {}

  /** The first data. */
  get data(): Data {
    return this.#host.data
  }

  /** All data, in the order in which they were added. */
  get datas(): readonly Data[] {
    return this.#host.datas
  }

  /**
   * Returns the data of a name: that given to `addData`, its symbol, or `venue:symbol`.
   *
   * @throws LobtraderError ABSENT_SYMBOL with the nearest name, AMBIGUOUS_SYMBOL
   */
  getData(name: string): Data {
    return this.#host.getData(name)
  }

  /** The instrument of the first data. */
  get instrument(): Instrument {
    return this.#host.instrument
  }

  /**
   * The book of the first data as it has reached us; one of single orders is an `OrderBookL3`.
   *
   * @throws LobtraderError UNSUPPORTED on bars
   */
  get book(): BookView {
    return this.#host.book
  }

  /**
   * Returns the book of a data as it has reached us.
   *
   * @throws LobtraderError UNSUPPORTED on bars, BAD_ARGUMENT for the data of another run
   */
  bookOf(data: Data): BookView {
    return this.#host.bookOf(data)
  }

  /** The books of the run by symbol, as they have reached us. @throws as {@link book} */
  get books(): BookQueries {
    return this.#host.books
  }

  /** What it holds of the first data. */
  get position(): Position {
    return this.#host.position
  }

  /** Returns what it holds of a data. @throws LobtraderError BAD_ARGUMENT for the data of another run */
  positionOf(data: Data): Position {
    return this.#host.positionOf(data)
  }

  get broker(): Broker {
    return this.#host.broker
  }

  /**
   * Every order of this run up to now, in order of submission; ask anew after sending more. One that
   * was over before this was first asked for comes as another object than `buy` gave: compare ids.
   */
  get orders(): readonly Order[] {
    return this.#host.orders
  }

  /** Local time, ns since the run's epoch. */
  get now(): number {
    return this.#host.now
  }

  /** Local time, Unix ns. */
  get nowNs(): bigint {
    return this.#host.nowNs
  }

  /** Random numbers that the seed of the run decides. */
  get random(): Prng {
    return this.#host.random
  }

  /**
   * Sends a buy order.
   *
   * @throws LobtraderError OFF_GRID (names the two nearest prices), NOT_FINITE or BAD_ARGUMENT
   */
  buy(options: OrderOptions = {}): Order {
    return this.#host.send(1, options)
  }

  /** Sends a sell order; as {@link Strategy.buy}. */
  sell(options: OrderOptions = {}): Order {
    return this.#host.send(-1, options)
  }

  /**
   * Sends an order to buy with two that close what it opens: one that cuts the loss, one that takes
   * the profit. Both wait at the exchange for the entry's fills, whole or in part; what one of them
   * fills is taken from the other.
   *
   * @throws LobtraderError as {@link Strategy.buy}
   */
  buyBracket(options: BracketOptions): Bracket {
    return this.#bracket(1, options)
  }

  /** Sends a bracket whose entry sells; as {@link Strategy.buyBracket}. */
  sellBracket(options: BracketOptions): Bracket {
    return this.#bracket(-1, options)
  }

  /** Closes the position by a market order; returns undefined when flat. */
  close(options: Pick<OrderOptions, 'data' | 'size'> = {}): Order | undefined {
    const data = options.data ?? this.data
    const position = this.positionOf(data)
    if (position.lots === 0) return undefined
    const size = options.size ?? Math.abs(position.size)
    return this.#host.send(position.lots > 0 ? -1 : 1, { size, data })
  }

  #bracket(side: Side, options: BracketOptions): Bracket {
    const { stop, profit, exits = 'ouo', ...given } = options
    const entry = this.#host.send(side, given)
    const { size } = entry
    const tied = {
      ...(options.data === undefined ? {} : { data: options.data }),
      size,
      parent: entry,
    }
    const other = side > 0 ? -1 : 1
    const cutsLoss = this.#host.send(other, { ...stop, ...tied })
    const takesProfit = this.#host.send(other, { ...profit, ...tied, [exits]: cutsLoss })
    return { entry, stop: cutsLoss, profit: takesProfit }
  }

  /** Asks the exchange to cancel an order; does nothing when it is done or already asked. */
  cancel(order: Order): void {
    this.#host.cancel(order)
  }

  /**
   * Asks the exchanges, in one request to each, to cancel all open orders: those of one side, or of
   * one data, where that is said.
   */
  cancelAll(of: CancelAllOptions = {}): void {
    this.#host.cancelAll(of)
  }

  /**
   * Asks the exchange for another price, size or trigger of an open order. It keeps its place in the queue
   * only when its price stays and its size does not grow. Does nothing when the order is done, a
   * request about it is on its way, or the terms are those that it has.
   *
   * @throws LobtraderError OFF_GRID, NOT_FINITE, BAD_ARGUMENT; UNSUPPORTED on bars
   */
  amend(order: Order, change: OrderChange): void {
    this.#host.amend(order, change)
  }

  /** Returns the grid price of a data for `price`; `passive` needs the side of the order. */
  round(
    price: number,
    mode: PriceRounding = 'nearest',
    side: Side = 1,
    data: Data = this.data,
  ): number {
    const direction = mode === 'passive' ? (side > 0 ? 'down' : 'up') : mode
    return this.#host.round(price, direction, data)
  }

  /** Calls `callback`, or `onTimer`, at this interval from now on. */
  every(interval: Duration | string, callback?: () => void): void {
    this.#host.every(interval, callback)
  }

  /** Calls `callback` once, this long from now. */
  after(delay: Duration | string, callback: () => void): void {
    this.#host.after(delay, callback)
  }

  /** Ends the run after this event. */
  stopRun(): void {
    this.#host.stop()
  }
}

/** The name of a hook that a strategy may override. */
export type Hook =
  | 'next'
  | 'prenext'
  | 'onBook'
  | 'onTrade'
  | 'onTimer'
  | 'onBar'
  | 'onBookStatus'
  | 'notifyOrder'
  | 'notifyTrade'
  | 'notifyCashValue'
  | 'notifyData'

/** True when `strategy` overrides the hook, by method or by field. */
export function overrides(strategy: Strategy, hook: Hook): boolean {
  return strategy[hook] !== Strategy.prototype[hook]
}

/** Returns the schema of all parameters of a strategy class. */
export function strategySchema(strategy: {
  readonly declarations: readonly ParameterDeclaration[]
}): z.ZodObject {
  return parameterSchema(strategy.declarations)
}
