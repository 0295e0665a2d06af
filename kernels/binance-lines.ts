/**
 * Reads lines of a Binance capture in linear memory: receive time and message, onto the grids.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/feed/import/binance/binance-lines.wasm.ts`.
 * The addresses are those of `src/feed/import/binance/compiled-scanner.ts`. What it takes it reads as
 * `message-scanner.ts` and `read-message.ts` do; everything else it leaves to them. Lines end with a
 * newline, which no part of a message takes, so that nothing is read beyond it but a few bytes.
 */

import {
  QUOTE,
  COMMA,
  ZERO,
  AT_SIGN,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  OPEN_BRACE,
  CLOSE_BRACE,
  number,
  byte,
  isPlain,
  digits,
  integer,
  decimal,
} from './json-bytes'

/** Float64 fields of the line, absent ones -1. */
const SECOND: usize = 0
const UNITS: usize = 8
const EVENT_TIME: usize = 16
const TRANSACTION_TIME: usize = 24
const FIRST_ID: usize = 32
const LAST_ID: usize = 40
const PREVIOUS_ID: usize = 48
const TRADE_ID: usize = 56
const TICK: usize = 64
const LOTS: usize = 72
const BID_TICK: usize = 80
const BID_LOTS: usize = 88
const ASK_TICK: usize = 96
const ASK_LOTS: usize = 104
/** Float64: counts of levels by side, and 1 where the buyer is the maker. */
const COUNTS: usize = 112
const BUYER_IS_MAKER: usize = 128

/** Float64 tables of both grids: 17 factors to multiply with, 17 to divide by. */
const PRICES: usize = 256
const SIZES: usize = 1024
/** Int32 length of the symbol, and its bytes. */
const SYMBOL_LENGTH: usize = 1792
const SYMBOL: usize = 1796
/** Levels by side: lots as Float64, ticks as Int32. */
const LEVELS_MAX: i32 = 8192
const LEVEL_LOTS: usize = 4096
const LEVEL_TICKS: usize = LEVEL_LOTS + 2 * 8192 * 8

/** Kinds of messages, see `message.ts`; 0 is left to the other readers. */
const DEPTH: i32 = 1
const TICKER: i32 = 2
const TRADE: i32 = 3
const SNAPSHOT: i32 = 4
/** The line does not begin with a receive time. */
const NO_TIME: i32 = -1

/** One bit per field, as in `message-scanner.ts`. */
const HAS_e: i32 = 1
const HAS_E: i32 = 2
const HAS_T: i32 = 4
const HAS_s: i32 = 8
const HAS_U: i32 = 16
const HAS_u: i32 = 32
const HAS_pu: i32 = 64
const HAS_b: i32 = 128
const HAS_a: i32 = 256
const HAS_B: i32 = 512
const HAS_A: i32 = 1024
const HAS_t: i32 = 2048
const HAS_p: i32 = 4096
const HAS_q: i32 = 8192
const HAS_m: i32 = 16384
const HAS_X: i32 = 32768
const HAS_ID: i32 = 65536
const HAS_BIDS: i32 = 131072
const HAS_ASKS: i32 = 262144

const DEPTH_NEEDS: i32 = HAS_e | HAS_E | HAS_s | HAS_U | HAS_u | HAS_b | HAS_a
const DEPTH_MAY: i32 = DEPTH_NEEDS | HAS_T | HAS_pu
const TICKER_NEEDS: i32 = HAS_s | HAS_u | HAS_b | HAS_a | HAS_B | HAS_A
const TICKER_MAY: i32 = TICKER_NEEDS | HAS_e | HAS_E | HAS_T
const TRADE_NEEDS: i32 = HAS_e | HAS_E | HAS_s | HAS_t | HAS_p | HAS_q | HAS_m
const TRADE_MAY: i32 = TRADE_NEEDS | HAS_T | HAS_X
const SNAPSHOT_NEEDS: i32 = HAS_ID | HAS_BIDS | HAS_ASKS
const SNAPSHOT_MAY: i32 = SNAPSHOT_NEEDS | HAS_E | HAS_T

/** Words of text, little-endian. */
const STREAM_KEY: u64 = 0x3a226d6165727473 // stream":
const DATA_KEY: u64 = 0x3a2261746164222c // ,"data":
const TRUE: u32 = 0x65757274
const FALS: u32 = 0x736c6166
const NULL: u32 = 0x6c6c756e
const MARKET: u64 = 0x2254454b52414d22 // "MARKET"
const TRADE_WORD: u32 = 0x64617274 // trad
const DEPTH_WORD: u64 = 0x6470556874706564 // depthUpd
const DEPTH_REST: u32 = 0x22657461 // ate"
const TICKER_WORD: u64 = 0x6b6369546b6f6f62 // bookTick
const BIDS: u32 = 0x73646962
const ASKS: u32 = 0x736b7361
const UPDATE_ID_FIRST: u64 = 0x616470557473616c // lastUpda
const UPDATE_ID_REST: u32 = 0x64496574 // teId
const SYMB: u32 = 0x626d7973
const STRE: u32 = 0x65727473
const OL: u32 = 0x6c6f
const AM: u32 = 0x6d61

/** Fields of the object that was read last, and the first letter of its event type. */
let fields: i32 = 0
let event: u32 = 0

/** Reads a venue's time in ms or microseconds of 2009 to 2100; returns the place behind it or 0. */
function time(at: usize): usize {
  const end = integer(at)
  if (end == 0) return 0
  const isMs = number >= 1230768000000 && number < 4102444800000
  const isUs = number >= 1230768000000000 && number < 4102444800000000
  return isMs || isUs ? end : 0
}

function price(at: usize): usize {
  const end = decimal(at, PRICES)
  return number <= 2147483647 ? end : 0
}

function size(at: usize): usize {
  return decimal(at, SIZES)
}

/** Reads `[["price","size"],...]` into the levels of a side; returns the place behind it or 0. */
function levels(at: usize, side: usize): usize {
  if (byte(at++) != OPEN_BRACKET) return 0
  if (byte(at) == CLOSE_BRACKET) return at + 1
  let lots = LEVEL_LOTS + side * (<usize>LEVELS_MAX << 3)
  let ticks = LEVEL_TICKS + side * (<usize>LEVELS_MAX << 2)
  const full = lots + (<usize>LEVELS_MAX << 3)
  for (;;) {
    if (lots == full || byte(at) != OPEN_BRACKET) return 0
    at = decimal(at + 1, PRICES)
    if (at == 0 || byte(at) != COMMA || !(number > 0 && number <= 2147483647)) return 0
    store<i32>(ticks, <i32>number)
    at = decimal(at + 1, SIZES)
    if (at == 0 || byte(at) != CLOSE_BRACKET) return 0
    store<f64>(lots, number)
    lots += 8
    ticks += 4
    const next = byte(at + 1)
    at += 2
    if (next == CLOSE_BRACKET) break
    if (next != COMMA) return 0
  }
  const count = <i32>((lots - LEVEL_LOTS - side * (<usize>LEVELS_MAX << 3)) >> 3)
  store<f64>(COUNTS + (side << 3), <f64>count)
  return at
}

/** Reads a ticker's price or a depth update's levels, whichever stands there. */
@inline
function side(at: usize, index: usize): usize {
  if (byte(at) == OPEN_BRACKET) return levels(at, index)
  const end = price(at)
  if (end != 0) store<f64>(index == 0 ? BID_TICK : ASK_TICK, number)
  return end
}

@inline
function put(field: usize, end: usize): usize {
  store<f64>(field, number)
  return end
}

/** Reads the symbol in quotes; returns the place behind it or 0. */
@inline
function symbol(at: usize): usize {
  if (byte(at++) != QUOTE) return 0
  const length = <usize>load<u32>(SYMBOL_LENGTH)
  for (let i: usize = 0; i < length; i++) {
    if (load<u8>(at + i) != load<u8>(SYMBOL + i)) return 0
  }
  at += length
  return byte(at) == QUOTE ? at + 1 : 0
}

@inline
function eventType(at: usize): usize {
  if (byte(at) != QUOTE) return 0
  event = byte(at + 1)
  const word = load<u64>(at + 1)
  if (word == TICKER_WORD) {
    return byte(at + 9) == 101 && byte(at + 10) == 114 && byte(at + 11) == QUOTE ? at + 12 : 0
  }
  if (word == DEPTH_WORD) return load<u32>(at + 9) == DEPTH_REST ? at + 13 : 0
  if (<u32>word == TRADE_WORD) {
    return byte(at + 5) == 101 && byte(at + 6) == QUOTE ? at + 7 : 0
  }
  return 0
}

@inline
function falseWord(at: usize): usize {
  return load<u32>(at) == FALS && byte(at + 4) == 101 ? at + 5 : 0
}

@inline
function makerFlag(at: usize): usize {
  const isMaker = load<u32>(at) == TRUE
  store<f64>(BUYER_IS_MAKER, isMaker ? 1 : 0)
  return isMaker ? at + 4 : falseWord(at)
}

/** Skips a string, an integer, true, false or null; returns the place behind it or 0. */
function skipValue(at: usize): usize {
  const first = byte(at)
  if (first == QUOTE) {
    at++
    while (isPlain(byte(at))) at++
    return byte(at) == QUOTE ? at + 1 : 0
  }
  if (first - ZERO <= 9) return integer(at)
  const word = load<u32>(at)
  if (word == TRUE || word == NULL) return at + 4
  return falseWord(at)
}

/** Reads the value of a one-letter field; notes its bit and returns the place behind it, or 0. */
@inline
function shortField(key: u32, at: usize): usize {
  switch (key) {
    case 69:
      return took(HAS_E, put(EVENT_TIME, time(at)))
    case 84:
      return took(HAS_T, put(TRANSACTION_TIME, time(at)))
    case 85:
      return took(HAS_U, put(FIRST_ID, integer(at)))
    case 117:
      return took(HAS_u, put(LAST_ID, integer(at)))
    case 116:
      return took(HAS_t, put(TRADE_ID, integer(at)))
    case 98:
      return took(HAS_b, side(at, 0))
    case 97:
      return took(HAS_a, side(at, 1))
    case 66:
      return took(HAS_B, put(BID_LOTS, size(at)))
    case 65:
      return took(HAS_A, put(ASK_LOTS, size(at)))
    case 112:
      return took(HAS_p, put(TICK, price(at)))
    case 113:
      return took(HAS_q, put(LOTS, size(at)))
    case 101:
      return took(HAS_e, eventType(at))
    case 115:
      return took(HAS_s, symbol(at))
    case 109:
      return took(HAS_m, makerFlag(at))
    case 88:
      return took(HAS_X, load<u64>(at) == MARKET ? at + 8 : 0)
    default:
      return skipValue(at)
  }
}

/** Notes a field; 0 where it comes twice. */
@inline
function took(bit: i32, end: usize): usize {
  const has = fields
  fields = has | bit
  return (has & bit) == 0 ? end : 0
}

function longField(key: usize, length: usize, at: usize): usize {
  if (length == 2 && load<u16>(key) == 0x7570) {
    return took(HAS_pu, put(PREVIOUS_ID, integer(at)))
  }
  if (length == 4) {
    const word = load<u32>(key)
    if (word == BIDS) return took(HAS_BIDS, levels(at, 0))
    if (word == ASKS) return took(HAS_ASKS, levels(at, 1))
  }
  if (length == 12 && load<u64>(key) == UPDATE_ID_FIRST && load<u32>(key + 8) == UPDATE_ID_REST) {
    return took(HAS_ID, put(LAST_ID, integer(at)))
  }
  if (length == 6) {
    const word = load<u32>(key)
    const rest = <u32>load<u16>(key + 4)
    if (word == SYMB && rest == OL) return symbol(at)
    if (word == STRE && rest == AM) return 0
  }
  return skipValue(at)
}

/** Reads a flat object; returns the place behind it or 0. */
@inline
function object(at: usize): usize {
  fields = 0
  event = 0
  if (byte(at++) != OPEN_BRACE) return 0
  while (true) {
    // "k":
    const word = load<u32>(at)
    const letter = (word >> 8) & 0xff
    if ((word & 0xffff00ff) == 0x3a220022 && isPlain(letter)) {
      at = shortField(letter, at + 4)
    } else {
      if ((word & 0xff) != QUOTE) return 0
      const key = ++at
      while (isPlain(byte(at))) at++
      if (load<u16>(at) != 0x3a22) return 0
      at = longField(key, at - key, at + 2)
    }
    if (at == 0) return 0
    const next = byte(at++)
    if (next == CLOSE_BRACE) return at
    if (next != COMMA) return 0
  }
}

/** Skips the rest of a stream's name; 0 for a stream of partial books (`@depth20`). */
@inline
function streamName(at: usize): usize {
  while (true) {
    const c = byte(at)
    if (c == QUOTE) return at + 1
    if (!isPlain(c)) return 0
    if (c == AT_SIGN && byte(at + 1) == 100 && byte(at + 6) - ZERO <= 9) return 0
    at++
  }
}

function holds(needs: i32, may: i32): bool {
  return (fields & needs) == needs && (fields & ~may) == 0
}

function classify(wrapped: bool): i32 {
  const hasBid = load<f64>(BID_TICK) >= 0
  const hasAsk = load<f64>(ASK_TICK) >= 0
  if (event == 100) return !hasBid && !hasAsk && holds(DEPTH_NEEDS, DEPTH_MAY) ? DEPTH : 0
  if (event == 116) {
    const isTraded = load<f64>(TICK) > 0 && load<f64>(LOTS) > 0
    return isTraded && holds(TRADE_NEEDS, TRADE_MAY) ? TRADE : 0
  }
  if (hasBid && hasAsk) return holds(TICKER_NEEDS, TICKER_MAY) ? TICKER : 0
  return !wrapped && holds(SNAPSHOT_NEEDS, SNAPSHOT_MAY) ? SNAPSHOT : 0
}

/**
 * Reads the line from `at` to the newline at `end`: 10 digits of seconds, `fraction` digits behind
 * them, a blank, a message. Returns its kind, 0 to leave the message, NO_TIME the whole line.
 */
export function readLine(at: usize, end: usize, fraction: usize): i32 {
  const point = at + 10
  const blank = point + fraction
  if (blank >= end || byte(blank) != 32 || !digits(at, 10)) return NO_TIME
  store<f64>(SECOND, number)
  if (!digits(point, fraction)) return NO_TIME
  store<f64>(UNITS, number)
  for (let field = EVENT_TIME; field <= ASK_LOTS; field += 8) store<f64>(field, -1)
  store<f64>(COUNTS, 0)
  store<f64>(COUNTS + 8, 0)
  store<f64>(BUYER_IS_MAKER, 0)
  let from = blank + 1
  // {"stream":"<name>","data":{...}}
  const wrapped = load<u16>(from + 2) == 0x7473
  if (wrapped) {
    if (load<u16>(from) != 0x227b || load<u64>(from + 2) != STREAM_KEY) return 0
    if (byte(from + 10) != QUOTE) return 0
    from = streamName(from + 11)
    if (from == 0 || load<u64>(from) != DATA_KEY) return 0
    from += 8
  }
  from = object(from)
  if (from == 0) return 0
  if (wrapped && byte(from++) != CLOSE_BRACE) return 0
  return from == end ? classify(wrapped) : 0
}
