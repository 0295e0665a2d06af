/**
 * Scans the lines of a capture with the compiled kernel (`kernels/binance-lines.ts`).
 *
 * Lines are copied into its memory some hundred at once, and read there one by one. What it takes,
 * {@link MessageScanner} reads alike; lines that it leaves, or that are longer than its memory, are
 * left to that one and to `readMessage`.
 */
import { Kernel } from '../../../core/index.ts'
import type { LineBlock } from '../../input/line-blocks.ts'
import { DIGITS_MAX, GridFactors } from '../grid-factors.ts'
import { PAGES, WASM } from './binance-lines.wasm.ts'
import type { CaptureGrids } from './capture-grids.ts'
import type { BinanceMessage, MessageKind } from './message.ts'

/** Addresses, and indices of the Float64 fields, as the kernel has them. */
const SECOND = 0
const UNITS = 1
const EVENT_TIME = 2
const TRANSACTION_TIME = 3
const FIRST_ID = 4
const LAST_ID = 5
const PREVIOUS_ID = 6
const TRADE_ID = 7
const TICK = 8
const LOTS = 9
const BID_TICK = 10
const BID_LOTS = 11
const ASK_TICK = 12
const ASK_LOTS = 13
const BID_COUNT = 14
const ASK_COUNT = 15
const BUYER_IS_MAKER = 16
const FIELDS = 17
const PRICES = 256
const SIZES = 1024
const SYMBOL_LENGTH = 1792
const SYMBOL = 1796
const SYMBOL_BYTES_MAX = 64
const LEVELS_MAX = 8192
const LEVEL_LOTS = 4096
const LEVEL_TICKS = LEVEL_LOTS + 2 * LEVELS_MAX * 8
const LINES = LEVEL_TICKS + 2 * LEVELS_MAX * 4
/** The kernel looks a few bytes beyond the newline of a line. */
const MARGIN_BYTES = 64
const LINES_BYTES = PAGES * 65_536 - LINES - MARGIN_BYTES

const kernel = new Kernel(WASM, PAGES)

type ReadLine = (at: number, end: number, fraction: number) => number

/** Reads lines of one instrument into one {@link BinanceMessage}. */
export class CompiledScanner {
  readonly message: BinanceMessage
  readonly #bytes: Uint8Array
  readonly #fields: Float64Array
  readonly #readLine: ReadLine
  readonly #bidLots: Float64Array
  readonly #askLots: Float64Array
  readonly #bidTicks: Int32Array
  readonly #askTicks: Int32Array
  /** Lines [first, end) of the block at hand are in memory; byte 0 of the block would be at `#at`. */
  #first = 0
  #end = 0
  #at = 0

  private constructor(message: BinanceMessage, buffer: ArrayBuffer, readLine: ReadLine) {
    this.message = message
    this.#readLine = readLine
    this.#bytes = new Uint8Array(buffer)
    this.#fields = new Float64Array(buffer, 0, FIELDS)
    this.#bidLots = new Float64Array(buffer, LEVEL_LOTS, LEVELS_MAX)
    this.#askLots = new Float64Array(buffer, LEVEL_LOTS + LEVELS_MAX * 8, LEVELS_MAX)
    this.#bidTicks = new Int32Array(buffer, LEVEL_TICKS, LEVELS_MAX)
    this.#askTicks = new Int32Array(buffer, LEVEL_TICKS + LEVELS_MAX * 4, LEVELS_MAX)
  }

  /** Returns a scanner, or nothing where the grids are only being measured. */
  static of(grids: CaptureGrids, message: BinanceMessage): CompiledScanner | undefined {
    const { prices, sizes } = grids
    if (!(prices instanceof GridFactors && sizes instanceof GridFactors)) return undefined
    const symbol = new TextEncoder().encode(grids.symbol)
    if (symbol.length > SYMBOL_BYTES_MAX) return undefined
    const { buffer, exports } = kernel.start()
    const { readLine } = exports as { readonly readLine: ReadLine }
    for (const [address, factors] of [
      [PRICES, prices],
      [SIZES, sizes],
    ] as const) {
      new Float64Array(buffer, address).set(factors.multiply)
      new Float64Array(buffer, address + (DIGITS_MAX + 1) * 8).set(factors.divide)
    }
    new Int32Array(buffer, SYMBOL_LENGTH, 1)[0] = symbol.length
    new Uint8Array(buffer, SYMBOL).set(symbol)
    return new CompiledScanner(message, buffer, readLine)
  }

  /** Seconds of the receive time of the line that was read last. */
  get second(): number {
    return this.#fields[SECOND]!
  }

  /** Units behind the seconds. */
  get units(): number {
    return this.#fields[UNITS]!
  }

  /** Forgets the lines, as a new block takes the place of the old one. */
  forget(): void {
    this.#first = 0
    this.#end = 0
  }

  /**
   * Reads line `line` of a block into {@link message}.
   *
   * @param fraction digits of the receive time behind the seconds: 3, 6 or 9
   * @returns the kind; 0 where the message is for another reader, less where the line is
   */
  read(block: LineBlock, line: number, fraction: number): number {
    if (line >= this.#end || line < this.#first) this.#load(block, line)
    if (line >= this.#end) return -1
    const at = this.#at + block.starts[line]!
    const kind = this.#readLine(at, this.#at + block.starts[line + 1]! - 1, fraction)
    if (kind > 0) this.#fill(kind as MessageKind)
    return kind
  }

  #load({ bytes, starts, lines }: LineBlock, first: number): void {
    const from = starts[first]!
    let end = first
    while (end < lines && starts[end + 1]! - from <= LINES_BYTES) end++
    this.#first = first
    this.#end = end
    this.#at = LINES - from
    this.#bytes.set(bytes.subarray(from, starts[end]!), LINES)
  }

  #fill(kind: MessageKind): void {
    const { message } = this
    const fields = this.#fields
    message.kind = kind
    message.otherName = ''
    message.eventTime = fields[EVENT_TIME]!
    message.transactionTime = fields[TRANSACTION_TIME]!
    message.firstId = fields[FIRST_ID]!
    message.lastId = fields[LAST_ID]!
    message.previousId = fields[PREVIOUS_ID]!
    message.tradeId = fields[TRADE_ID]!
    message.tick = fields[TICK]!
    message.lots = fields[LOTS]!
    message.bidTick = fields[BID_TICK]!
    message.bidLots = fields[BID_LOTS]!
    message.askTick = fields[ASK_TICK]!
    message.askLots = fields[ASK_LOTS]!
    message.buyerIsMaker = fields[BUYER_IS_MAKER] === 1
    message.isMarketTrade = true
    const { bids, asks } = message
    bids.count = fields[BID_COUNT]!
    asks.count = fields[ASK_COUNT]!
    // Other readers may have let the lists grow elsewhere.
    bids.ticks = this.#bidTicks
    bids.lots = this.#bidLots
    asks.ticks = this.#askTicks
    asks.lots = this.#askLots
  }
}
