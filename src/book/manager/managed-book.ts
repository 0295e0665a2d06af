/** One book of a manager: fed, watched, and brought back by snapshots. */
import { LobtraderError } from '../../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  KIND_MASK,
  codeSide,
  eventCode,
  type EventColumns,
  type Instrument,
  type OrderBookSnapshot,
  type Tick,
} from '../../market/index.ts'
import type { BookStatus } from '../book-state.ts'
import { FusedBook } from '../fused/fused-book.ts'
import { OrderBookL3, type OrdersSnapshot } from '../order-book-l3.ts'
import { OrderBook } from '../order-book.ts'
import type { TouchMark } from '../touch-mark.ts'
import type { Bell } from './bell.ts'
import type {
  BookEvent,
  BookStatusChange,
  LevelsMessage,
  OrdersMessage,
  SnapshotNeed,
  SnapshotReason,
  TradeTotals,
} from './book-events.ts'
import { SnapshotRecovery, type SequenceRule } from './snapshot-recovery.ts'

const DAY_NS = 86_400_000_000_000n

/** How a manager keeps one of its books. */
export interface ManagedBookOptions<
  Book extends OrderBook | OrderBookL3 = OrderBook | OrderBookL3,
> {
  /** Judges messages and snapshots by the venue's sequence rule; without it every message applies. */
  readonly rule?: SequenceRule
  /** Returns the checksum of the book as the venue counts it, to compare with that of a message. */
  readonly checksum?: (book: Book) => number
  /**
   * Messages that wait for a snapshot at most; default 10,000. Beyond it the oldest go, and only a
   * snapshot that holds them will do. 0 where snapshots come in the stream of the updates (Kraken,
   * OKX, Bybit): what came before one is in it, and nothing waits.
   */
  readonly bufferMax?: number
  /** Count what was traded, also in the rows of `apply`; default true. */
  readonly countsTrades?: boolean
  /** Called before each question by symbol, for whoever brings books forward only when asked. */
  readonly beforeLook?: () => void
}

/** Where the books of one manager report. */
export interface BookReports {
  readonly status: Bell<BookStatusChange>
  readonly snapshots: Bell<SnapshotNeed>
}

type Message = LevelsMessage | OrdersMessage

/** @see module comment */
export class ManagedBook<Book extends OrderBook | OrderBookL3 = OrderBook | OrderBookL3> {
  readonly book: Book
  readonly options: ManagedBookOptions<Book>
  readonly #reports: BookReports
  readonly #recovery: SnapshotRecovery<Message> | undefined
  readonly #countsTrades: boolean
  #rows: EventWriter | undefined
  #status: BookStatus
  #isLost = false
  /** True while rows have been applied that nobody listened to: status and loss are read late. */
  #isUnnoted = false
  #tradeCount = 0
  #tradeLots = 0
  #lastTrade: Tick | undefined

  /** @throws LobtraderError BAD_ARGUMENT */
  constructor(book: Book, options: ManagedBookOptions<Book>, reports: BookReports) {
    this.book = book
    this.options = options
    this.#reports = reports
    this.#status = book.status
    this.#countsTrades = options.countsTrades ?? true
    const { rule, bufferMax = 10_000 } = options
    this.#recovery = rule && new SnapshotRecovery(rule, bufferMax)
  }

  get instrument(): Instrument {
    return this.book.instrument
  }

  /** True from the moment at which the book asked for a snapshot until it has one. */
  get needsSnapshot(): boolean {
    this.#noteRows()
    return this.#isLost
  }

  /** Messages that wait for a snapshot now. */
  get buffered(): number {
    return this.#recovery?.buffered ?? 0
  }

  /** Messages so far that had to go because too many waited. */
  get overflow(): number {
    return this.#recovery?.overflow ?? 0
  }

  /**
   * What was traded; undefined before the first trade.
   *
   * @throws LobtraderError UNSUPPORTED where trades are not counted
   */
  get trades(): TradeTotals | undefined {
    if (!this.#countsTrades) {
      throw new LobtraderError(
        'UNSUPPORTED',
        `trades of ${this.instrument.symbol} are not counted here; a strategy hears of them in onTrade`,
        { symbol: this.instrument.symbol },
      )
    }
    if (this.#lastTrade === undefined) return undefined
    return {
      count: this.#tradeCount,
      volume: this.instrument.size(this.#tradeLots),
      last: this.#lastTrade,
    }
  }

  /** Applies rows [from, to) as we saw them; status changes within them are told one by one. */
  apply(events: EventColumns, from: number, to: number): void {
    if (this.#countsTrades) this.#countTradeRows(events, from, to)
    const { status, snapshots } = this.#reports
    if (!status.hasListeners && !snapshots.hasListeners) {
      this.book.apply(events, from, to)
      this.#isUnnoted = true
      return
    }
    this.#noteRows()
    this.book.applyWatched(events, from, to, (now, time) => {
      if (now !== this.#status) this.#tell(now, events.epochNs + BigInt(time))
      if (this.book.isStale) this.#need('gap')
      else this.#isLost = false
    })
  }

  /**
   * As {@link apply}, but where nobody listens the rows wait until the book is asked for more than
   * its touch and its status; see {@link BookView.defer}.
   */
  defer(events: EventColumns, from: number, to: number, mark: TouchMark): void {
    const { status, snapshots } = this.#reports
    if (this.#countsTrades || status.hasListeners || snapshots.hasListeners) {
      this.apply(events, from, to)
      return
    }
    this.book.defer(events, from, to, mark)
    this.#isUnnoted = true
  }

  /** Takes what {@link OrderBookManager.update} takes. @throws LobtraderError as there */
  update(event: BookEvent): void {
    this.#noteRows()
    if ('bids' in event || ('orders' in event && !('kind' in event))) {
      this.#onSnapshot(event)
    } else if (event.kind === 'levels' || event.kind === 'orders') {
      this.#onMessage(event)
    } else if (event.kind === 'level') {
      this.#levelsBook(event.kind).update(event)
    } else if (event.kind === 'best') {
      this.#fusedBook(event.kind).updateBest(event)
    } else if (event.kind === 'order') {
      this.#ordersBook(event.kind).update(event.order)
    } else if (event.kind === 'gap') {
      this.#recovery?.break()
      this.#loseAgain('gap', event.timestampNs)
    } else if (event.kind === undefined || event.kind === 'trade') {
      this.#countTrade(event)
      return
    } else {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `kind of an event is one of ${KINDS.join(', ')}, was "${String((event as Tick & { kind: unknown }).kind)}"`,
        { field: 'kind' },
      )
    }
    this.#note()
  }

  /** Takes note of what unheard rows have made of the book. */
  #noteRows(): void {
    if (!this.#isUnnoted) return
    this.#isUnnoted = false
    this.#status = this.book.status
    this.#isLost = this.book.isStale
  }

  /** Tells of the status if it is another, and asks for a snapshot where a policy made it stale. */
  #note(): void {
    const { status, timeNs } = this.book
    if (this.book.isStale && !this.#isLost) this.#lose('crossed', timeNs)
    this.#tell(status, timeNs)
  }

  #tell(to: BookStatus, timeNs: bigint): void {
    const from = this.#status
    if (from === to) return
    this.#status = to
    const { symbol, venue } = this.instrument
    this.#reports.status.ring({ symbol, venue, from, to, timeNs })
  }

  #onMessage(message: Message): void {
    const step = this.#recovery?.onMessage(message) ?? 'apply'
    if (step === 'skip') return
    if (step === 'lost') {
      this.#lose(this.#recovery!.hasJoined ? 'gap' : 'start', message.timestampNs)
      return
    }
    if (step === 'replace') this.book.clear(message.timestampNs)
    this.#applyMessage(message)
    const { checksum } = this.options
    if (checksum === undefined || message.checksum === undefined) return
    if (checksum(this.book) >>> 0 !== message.checksum >>> 0) {
      this.#lose('checksum', message.timestampNs)
    }
  }

  #applyMessage(message: Message): void {
    try {
      if (message.kind === 'levels') this.#applyLevels(message)
      else for (const order of message.orders) this.#ordersBook(message.kind).update(order)
    } catch (error) {
      // A message that applies in part, or not at all, leaves a book that nobody may trust.
      if (error instanceof LobtraderError) this.#lose('misfit', message.timestampNs)
      throw error
    }
  }

  /** All levels of a message, or none: prices and sizes are checked before the first is set. */
  #applyLevels({ levels, timestampNs, last }: LevelsMessage): void {
    const book = this.#levelsBook('levels')
    const rows = this.#rowsFor(timestampNs)
    const time = Number(timestampNs - rows.epochNs)
    for (const { side, price, volume } of levels) {
      const tick = book.ticksOf(side, price)
      const lots = this.instrument.lotsOf(volume)
      rows.push(time, time, eventCode(EventKind.DepthSet, side), tick, lots, -1, last)
    }
    book.apply(rows.rows, 0, rows.length)
  }

  #rowsFor(timestampNs: bigint): EventWriter {
    const day = timestampNs - (timestampNs % DAY_NS)
    if (this.#rows?.epochNs !== day) this.#rows = new EventWriter(day, 64)
    this.#rows.clear()
    return this.#rows
  }

  #onSnapshot(snapshot: OrderBookSnapshot | OrdersSnapshot): void {
    const recovery = this.#recovery
    const step = recovery?.onSnapshot(snapshot.seqNum) ?? 'apply'
    if (step === 'skip') return
    if (step === 'lost') {
      this.#loseAgain('old-snapshot', snapshot.timestampNs)
      return
    }
    try {
      if ('bids' in snapshot) this.#levelsBook('snapshot of levels').restore(snapshot)
      else this.#ordersBook('snapshot of orders').restore(snapshot)
    } catch (error) {
      // The rule has joined what the book has not.
      if (recovery !== undefined) this.#loseAgain('misfit', snapshot.timestampNs)
      throw error
    }
    this.#isLost = false
    if (recovery !== undefined) this.#replay(recovery, snapshot)
  }

  /** Takes the messages that have waited; should one be lost again, those behind it wait on. */
  #replay(
    recovery: SnapshotRecovery<Message>,
    { timestampNs, seqNum }: OrderBookSnapshot | OrdersSnapshot,
  ): void {
    this.#tell(this.book.status, timestampNs)
    const errors: unknown[] = []
    for (const message of recovery.takeWaiting(seqNum)) {
      try {
        this.#onMessage(message)
      } catch (error) {
        errors.push(error)
      }
      this.#tell(this.book.status, message.timestampNs)
    }
    if (errors.length > 0) throw errors[0]
  }

  #lose(reason: SnapshotReason, timestampNs: bigint): void {
    const recovery = this.#recovery
    if (recovery?.isWaiting === false) recovery.lose()
    this.book.markStale(timestampNs)
    this.#tell(this.book.status, timestampNs)
    this.#need(reason)
  }

  /** As {@link #lose}, and a snapshot that is on its way will not do: another one is asked for. */
  #loseAgain(reason: SnapshotReason, timestampNs: bigint): void {
    this.#isLost = false
    this.#lose(reason, timestampNs)
  }

  #need(reason: SnapshotReason): void {
    if (this.#isLost) return
    this.#isLost = true
    const { symbol, venue } = this.instrument
    const lastId = this.#recovery?.lastId ?? -1
    this.#reports.snapshots.ring({ symbol, venue, reason, lastId })
  }

  #countTrade(trade: Tick): void {
    this.instrument.ticksOf(trade.price)
    const lots = this.instrument.lotsOf(trade.volume)
    this.#tradeCount++
    this.#tradeLots += lots
    this.#lastTrade = trade
  }

  #countTradeRows(events: EventColumns, from: number, to: number): void {
    const { code, lots } = events
    let last = -1
    for (let row = from; row < to; row++) {
      if ((code[row]! & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade) continue
      this.#tradeCount++
      this.#tradeLots += lots[row]!
      last = row
    }
    if (last < 0) return
    this.#lastTrade = {
      timestampNs: events.epochNs + BigInt(events.localTime[last]!),
      symbol: this.instrument.symbol,
      price: this.instrument.price(events.tick[last]!),
      volume: this.instrument.size(lots[last]!),
      side: codeSide(code[last]!),
      ...(events.seq[last]! > 0 ? { tradeId: events.seq[last]! } : {}),
    }
  }

  #levelsBook(what: string): OrderBook {
    if (this.book instanceof OrderBook) return this.book
    throw this.#misfit(what, 'orders')
  }

  #fusedBook(what: string): FusedBook {
    if (this.book instanceof FusedBook) return this.book
    throw this.#misfit(what, this.book instanceof OrderBook ? 'depth alone' : 'orders')
  }

  #ordersBook(what: string): OrderBookL3 {
    if (this.book instanceof OrderBookL3) return this.book
    throw this.#misfit(what, 'levels')
  }

  #misfit(what: string, kept: string): LobtraderError {
    const { symbol } = this.instrument
    return new LobtraderError(
      'BAD_ARGUMENT',
      `the book of ${symbol} is kept by ${kept} and cannot take an event of kind "${what}"`,
      { field: 'kind', symbol },
    )
  }
}

const KINDS = ['level', 'best', 'levels', 'order', 'orders', 'gap', 'trade']
