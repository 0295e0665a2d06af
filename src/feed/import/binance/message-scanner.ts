/**
 * Scans Binance messages straight from bytes, without text, objects or exceptions.
 *
 * It reads exactly what the venue sends: compact JSON, known fields, plain decimals on the grid.
 * Anything else makes `scan` return false, and the caller reads the message with `readMessage`,
 * which decides whether it is unusual or wrong. What `scan` accepts, both read alike.
 */
import { DIGITS_MAX } from '../grid-factors.ts'
import type { CaptureGrids, DecimalGrid } from './capture-grids.ts'
import { MessageKind, type BinanceMessage, type LevelList } from './message.ts'
import { isVenueTime } from './read-message.ts'

const QUOTE = 34
const COMMA = 44
const POINT = 46
const ZERO = 48
const COLON = 58
const AT_SIGN = 64
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/** Ids and times of more digits are left to the slow reader: 10^15 < 2^53. */
const ID_DIGITS_MAX = 15

/** One bit per field, to find what is absent and what comes twice. */
const HAS = {
  e: 1,
  E: 2,
  T: 4,
  s: 8,
  U: 16,
  u: 32,
  pu: 64,
  b: 128,
  a: 256,
  B: 512,
  A: 1024,
  t: 2048,
  p: 4096,
  q: 8192,
  m: 16384,
  X: 32768,
  lastUpdateId: 65536,
  bids: 131072,
  asks: 262144,
} as const

/** Fields that each kind needs, and those that it may have; with others the slow reader decides. */
const DEPTH_NEEDS = HAS.e | HAS.E | HAS.s | HAS.U | HAS.u | HAS.b | HAS.a
const DEPTH_MAY = DEPTH_NEEDS | HAS.T | HAS.pu
const TICKER_NEEDS = HAS.s | HAS.u | HAS.b | HAS.a | HAS.B | HAS.A
const TICKER_MAY = TICKER_NEEDS | HAS.e | HAS.E | HAS.T
const TRADE_NEEDS = HAS.e | HAS.E | HAS.s | HAS.t | HAS.p | HAS.q | HAS.m
const TRADE_MAY = TRADE_NEEDS | HAS.T | HAS.X
const SNAPSHOT_NEEDS = HAS.lastUpdateId | HAS.bids | HAS.asks
const SNAPSHOT_MAY = SNAPSHOT_NEEDS | HAS.E | HAS.T

const NO_EVENT = 0
const DEPTH_EVENT = 100 // d
const TRADE_EVENT = 116 // t
const TICKER_EVENT = 98 // b

/** Reads messages of one instrument into one {@link BinanceMessage}. */
export class MessageScanner {
  readonly message: BinanceMessage
  readonly #symbol: Uint8Array
  readonly #price: DecimalGrid
  readonly #size: DecimalGrid
  #bytes: Uint8Array = new Uint8Array(0)
  /** Next byte to read; -1 after a field that needs the slow reader. */
  #at = 0
  /** First letter of the event type `e`. */
  #event = NO_EVENT

  constructor(grids: CaptureGrids, message: BinanceMessage) {
    this.message = message
    this.#symbol = new TextEncoder().encode(grids.symbol)
    this.#price = grids.prices
    this.#size = grids.sizes
  }

  /** Reads bytes [from, to) into `message`; false leaves it to the slow reader. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.#bytes = bytes
    this.#at = from
    this.message.clear()
    if (bytes[from] !== OPEN_BRACE) return false
    // {"stream":"<name>","data":{...}}
    const wrapped = bytes[from + 2] === 115 && bytes[from + 3] === 116 // "st
    if (wrapped) {
      this.#at = from + 1
      if (!this.#literal('"stream":"') || !this.#streamName()) return false
      if (!this.#literal(',"data":')) return false
    }
    const has = this.#object()
    if (has < 0) return false
    if (wrapped && bytes[this.#at++] !== CLOSE_BRACE) return false
    return this.#at === to && this.#classify(has, wrapped)
  }

  #classify(has: number, wrapped: boolean): boolean {
    const message = this.message
    const isTop = message.bidTick >= 0 && message.askTick >= 0
    const isLevels = message.bidTick < 0 && message.askTick < 0
    if (this.#event === DEPTH_EVENT) {
      message.kind = MessageKind.Depth
      return isLevels && holds(has, DEPTH_NEEDS, DEPTH_MAY)
    }
    if (this.#event === TRADE_EVENT) {
      message.kind = MessageKind.Trade
      return message.tick > 0 && message.lots > 0 && holds(has, TRADE_NEEDS, TRADE_MAY)
    }
    if (isTop) {
      message.kind = MessageKind.Ticker
      return holds(has, TICKER_NEEDS, TICKER_MAY)
    }
    message.kind = MessageKind.Snapshot
    return !wrapped && holds(has, SNAPSHOT_NEEDS, SNAPSHOT_MAY)
  }

  /** Reads a flat object and returns the fields seen, or -1. */
  #object(): number {
    const bytes = this.#bytes
    this.#event = NO_EVENT
    if (bytes[this.#at++] !== OPEN_BRACE) return -1
    let has = 0
    for (;;) {
      if (bytes[this.#at++] !== QUOTE) return -1
      const key = this.#at
      while (isPlain(bytes[this.#at]!)) this.#at++
      const length = this.#at - key
      if (bytes[this.#at] !== QUOTE || bytes[this.#at + 1] !== COLON) return -1
      this.#at += 2
      const field = length === 1 ? this.#shortField(bytes[key]!) : this.#longField(key, length)
      if (field < 0 || (has & field) !== 0) return -1
      has |= field
      const next = bytes[this.#at++]
      if (next === CLOSE_BRACE) return has
      if (next !== COMMA) return -1
    }
  }

  /** Reads the value of a one-letter field; returns its bit, 0 when it does not matter, or -1. */
  #shortField(key: number): number {
    const message = this.message
    switch (key) {
      case 69: // E
        message.eventTime = this.#time()
        return this.#at < 0 ? -1 : HAS.E
      case 84: // T
        message.transactionTime = this.#time()
        return this.#at < 0 ? -1 : HAS.T
      case 85: // U
        message.firstId = this.#integer()
        return this.#at < 0 ? -1 : HAS.U
      case 117: // u
        message.lastId = this.#integer()
        return this.#at < 0 ? -1 : HAS.u
      case 116: // t
        message.tradeId = this.#integer()
        return this.#at < 0 ? -1 : HAS.t
      case 98: // b
        return this.#side(message.bids, HAS.b)
      case 97: // a
        return this.#side(message.asks, HAS.a)
      case 66: // B
        message.bidLots = this.#decimal(this.#size)
        return message.bidLots < 0 ? -1 : HAS.B
      case 65: // A
        message.askLots = this.#decimal(this.#size)
        return message.askLots < 0 ? -1 : HAS.A
      case 112: // p
        message.tick = this.#decimal(this.#price)
        return isTick(message.tick) ? HAS.p : -1
      case 113: // q
        message.lots = this.#decimal(this.#size)
        return message.lots < 0 ? -1 : HAS.q
      case 101: // e
        return this.#eventType()
      case 115: // s
        return this.#symbolValue() ? HAS.s : -1
      case 109: // m
        return this.#makerFlag()
      case 88: // X
        message.isMarketTrade = true
        return this.#literal('"MARKET"') ? HAS.X : -1
      default:
        return this.#skipValue() ? 0 : -1
    }
  }

  #longField(key: number, length: number): number {
    const bytes = this.#bytes
    const message = this.message
    if (length === 2 && this.#keyIs(key, 'pu')) {
      message.previousId = this.#integer()
      return this.#at < 0 ? -1 : HAS.pu
    }
    if (length === 4 && this.#keyIs(key, 'bids')) {
      return bytes[this.#at] === OPEN_BRACKET && this.#levels(message.bids) ? HAS.bids : -1
    }
    if (length === 4 && this.#keyIs(key, 'asks')) {
      return bytes[this.#at] === OPEN_BRACKET && this.#levels(message.asks) ? HAS.asks : -1
    }
    if (length === 12 && this.#keyIs(key, 'lastUpdateId')) {
      message.lastId = this.#integer()
      return this.#at < 0 ? -1 : HAS.lastUpdateId
    }
    if (length === 6 && this.#keyIs(key, 'symbol')) return this.#symbolValue() ? 0 : -1
    if (length === 6 && this.#keyIs(key, 'stream')) return -1
    return this.#skipValue() ? 0 : -1
  }

  #keyIs(key: number, name: string): boolean {
    const bytes = this.#bytes
    for (let i = 0; i < name.length; i++) {
      if (bytes[key + i] !== name.charCodeAt(i)) return false
    }
    return true
  }

  #eventType(): number {
    this.#event = this.#bytes[this.#at + 1]!
    switch (this.#event) {
      case DEPTH_EVENT:
        return this.#literal('"depthUpdate"') ? HAS.e : -1
      case TRADE_EVENT:
        return this.#literal('"trade"') ? HAS.e : -1
      case TICKER_EVENT:
        return this.#literal('"bookTicker"') ? HAS.e : -1
      default:
        return -1
    }
  }

  #makerFlag(): number {
    this.message.buyerIsMaker = this.#bytes[this.#at] === 116
    return this.#literal(this.message.buyerIsMaker ? 'true' : 'false') ? HAS.m : -1
  }

  #literal(text: string): boolean {
    const bytes = this.#bytes
    const at = this.#at
    for (let i = 0; i < text.length; i++) {
      if (bytes[at + i] !== text.charCodeAt(i)) return false
    }
    this.#at = at + text.length
    return true
  }

  #symbolValue(): boolean {
    const bytes = this.#bytes
    const symbol = this.#symbol
    if (bytes[this.#at++] !== QUOTE) return false
    for (let i = 0; i < symbol.length; i++) {
      if (bytes[this.#at++] !== symbol[i]) return false
    }
    return bytes[this.#at++] === QUOTE
  }

  /** Skips the rest of a stream's name; false for a stream of partial books (`@depth20`). */
  #streamName(): boolean {
    const bytes = this.#bytes
    for (let at = this.#at; ; at++) {
      const c = bytes[at]!
      if (c === QUOTE) {
        this.#at = at + 1
        return true
      }
      if (!isPlain(c)) return false
      if (c === AT_SIGN && bytes[at + 1] === 100 && isDigit(bytes[at + 6]!)) return false
    }
  }

  /** Skips a string, an integer, true, false or null; false for anything else. */
  #skipValue(): boolean {
    const bytes = this.#bytes
    const first = bytes[this.#at]!
    if (first === QUOTE) {
      this.#at++
      while (isPlain(bytes[this.#at]!)) this.#at++
      return bytes[this.#at++] === QUOTE
    }
    if (isDigit(first)) return this.#integer() >= 0
    if (first === 116) return this.#literal('true')
    if (first === 102) return this.#literal('false')
    return this.#literal('null')
  }

  #time(): number {
    const value = this.#integer()
    if (!isVenueTime(value)) this.#at = -1
    return value
  }

  /** Reads a JSON integer of up to 15 digits; on anything else `#at` becomes -1. */
  #integer(): number {
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    let value = 0
    for (;;) {
      const digit = bytes[at]! - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
      at++
    }
    const count = at - start
    const leadingZero = count > 1 && bytes[start] === ZERO
    const next = bytes[at]
    const ends = next === COMMA || next === CLOSE_BRACE
    this.#at = count === 0 || count > ID_DIGITS_MAX || leadingZero || !ends ? -1 : at
    return value
  }

  /** Reads a ticker's price or a depth update's levels, whichever stands there. */
  #side(list: LevelList, bit: number): number {
    if (this.#bytes[this.#at] === OPEN_BRACKET) return this.#levels(list) ? bit : -1
    const tick = this.#decimal(this.#price)
    if (!isTick(tick)) return -1
    if (bit === HAS.b) this.message.bidTick = tick
    else this.message.askTick = tick
    return bit
  }

  /** Reads a decimal in quotes as a grid index; -1 when it is not plain, negative or off the grid. */
  #decimal(grid: DecimalGrid): number {
    const bytes = this.#bytes
    let at = this.#at
    if (bytes[at++] !== QUOTE) return -1
    const start = at
    let point = -1
    let mantissa = 0
    for (;;) {
      const c = bytes[at]!
      const digit = c - ZERO
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit
      else if (c === POINT && point < 0) point = at
      else break
      at++
    }
    if (bytes[at] !== QUOTE) return -1
    const digits = at - start - (point < 0 ? 0 : 1)
    // 16 digits may lie beyond 2^53; then the sum above is inexact, but not below 2^53.
    if (digits === 0 || digits > DIGITS_MAX || mantissa > Number.MAX_SAFE_INTEGER) return -1
    this.#at = at + 1
    return grid.indexOf(mantissa, point < 0 ? 0 : at - point - 1)
  }

  /** Reads `[["price","size"],...]`. */
  #levels(list: LevelList): boolean {
    const bytes = this.#bytes
    this.#at++
    if (bytes[this.#at] === CLOSE_BRACKET) {
      this.#at++
      return true
    }
    for (;;) {
      if (bytes[this.#at++] !== OPEN_BRACKET) return false
      const tick = this.#decimal(this.#price)
      if (!isTick(tick) || tick === 0 || bytes[this.#at++] !== COMMA) return false
      const lots = this.#decimal(this.#size)
      if (lots < 0 || bytes[this.#at++] !== CLOSE_BRACKET) return false
      list.push(tick, lots)
      const next = bytes[this.#at++]
      if (next === CLOSE_BRACKET) return true
      if (next !== COMMA) return false
    }
  }
}

function holds(has: number, needs: number, may: number): boolean {
  return (has & needs) === needs && (has & ~may) === 0
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < ZERO + 10
}

/** True for a byte of a JSON string that stands for itself: printable ASCII, no quote, no escape. */
function isPlain(byte: number): boolean {
  return byte >= 32 && byte < 127 && byte !== QUOTE && byte !== BACKSLASH
}

function isTick(index: number): boolean {
  return index >= 0 && index === (index | 0)
}
