/** What a quality meter knows of one kind of rows of one instrument. */
import { BookState, OrderBookState } from '../../book/index.ts'
import { ClockWindows } from './clock-windows.ts'
import { LogHistogram } from './log-histogram.ts'
import { PriceSteps } from './price-steps.ts'
import { SpanList } from './span-list.ts'
import { TradeIds } from './trade-ids.ts'

/** What a book is worth at one moment; an index into `statusNs`. */
export const Standing = {
  /** Nothing or one side only. */
  Partial: 0,
  Syncing: 1,
  Live: 2,
  /** Best bid = best ask. */
  Locked: 3,
  /** Best bid > best ask. */
  Crossed: 4,
  /** Updates are missing since the last snapshot. */
  Stale: 5,
  Halted: 6,
} as const

/** How rows of a kind make a book. */
export type StreamForm = 'levels' | 'orders' | 'ticker'

/** Pauses at least this long are kept until it is known what is usual. */
export const PAUSE_MIN_NS = 5e9
/** Trades outside the book to hold until it moves. */
const PENDING_MAX = 1024
/** Levels are counted this often. */
export const LEVELS_EVERY_NS = 1e9

/** Plain fields that `measure-rows.kernel.ts` moves; times in ns since the epoch of the meter. */
export class StreamState {
  readonly form: StreamForm
  readonly book: BookState
  readonly orders: OrderBookState | undefined
  readonly bookStepTicks: number
  readonly tradeStepTicks: number
  /** Prices below this may have any data tick. */
  readonly coarseFromTicks: number

  /** Rows, all of them. */
  events = 0
  /** Runs of rows with one receive time, venue time and sequence number. */
  messages = 0
  gaps = 0
  trades = 0
  zeroSizes = 0
  offTick = 0
  /** Receive times after which the book stood crossed. */
  crossedMoments = 0
  /** Messages that were received before the venue sent them. */
  earlyMessages = 0
  /** Messages whose venue time lies before that of the message before. */
  disorders = 0
  disorderNsMax = 0
  /** Updates of levels whose sequence number lies before that of the update before. */
  sequenceBack = 0
  /** Trades while the book was live, and those far outside its best prices. */
  judgedTrades = 0
  outsideTrades = 0
  outsideTicksMax = 0
  /** Prices of trades outside the book that waits for its next update. */
  readonly pendingTicks = new Int32Array(PENDING_MAX)
  pendingTrades = 0
  levelSamples = 0
  bidLevelsSum = 0
  askLevelsSum = 0
  spreadTicksSum = 0
  /** Gaps behind which no snapshot has come yet. */
  openGaps = 0

  firstTime = Number.NaN
  lastTime = Number.NaN
  /** Receive time of the last row. */
  time = Number.NaN
  /** Time that lies between rows; holes between partitions are none. */
  coveredNs = 0
  readonly statusNs = new Float64Array(7)
  standing: number = Standing.Partial
  messageTime = Number.NaN
  lastExchTime = Number.NaN
  lastSeq = Number.NaN
  bookSeq = 0
  hasBookRows = false
  /** Receive time of the last snapshot's end: updates that waited for it carry its time. */
  snapshotTime = Number.NaN
  nextLevels = Number.NEGATIVE_INFINITY

  readonly latency = new LogHistogram()
  readonly clock = new ClockWindows()
  readonly pauses = new LogHistogram()
  readonly longPauses = new SpanList('longest')
  readonly crossed = new SpanList()
  readonly locked = new SpanList()
  readonly stale = new SpanList()
  readonly halted = new SpanList()
  readonly steps = new PriceSteps()
  readonly ids = new TradeIds()

  /**
   * @param steps `book`, `trade`: data ticks between two prices that a resting order, a trade may
   *   have; `from`: below this price, in data ticks, the steps do not hold
   */
  constructor(
    form: StreamForm,
    steps: { readonly book: number; readonly trade: number; readonly from: number },
  ) {
    this.form = form
    this.bookStepTicks = steps.book
    this.tradeStepTicks = steps.trade
    this.coarseFromTicks = steps.from
    this.orders = form === 'orders' ? new OrderBookState({ ordersMax: 2 ** 26 }) : undefined
    this.book = this.orders ?? new BookState()
  }
}
