/**
 * NASDAQ TotalView-ITCH 5.0: what stands where.
 *
 * Source: "NASDAQ TotalView-ITCH 5.0", NASDAQ (revision of 2020-11-06, read 2026-11), chapter 1. All
 * numbers are big-endian. Every message begins with its type, the stock locate (2 bytes), a
 * tracking number (2) and the time in ns after midnight (6); prices have four decimal places.
 */

/** Types of messages, as character codes. */
export const MessageType = {
  /** `A`: an order appears. */
  Add: 65,
  /** `B`: a trade is broken. */
  BrokenTrade: 66,
  /** `C`: an order is executed at a price of its own. */
  ExecutePrice: 67,
  /** `D`: an order is gone. */
  Delete: 68,
  /** `E`: an order is executed. */
  Execute: 69,
  /** `F`: an order appears, with the name of its market maker. */
  AddNamed: 70,
  /** `H`: the state of trading. */
  TradingAction: 72,
  /** `P`: a trade with an order that was not displayed. */
  HiddenTrade: 80,
  /** `Q`: a cross. */
  Cross: 81,
  /** `R`: the directory of stocks. */
  Directory: 82,
  /** `S`: an event of the system. */
  System: 83,
  /** `U`: an order is replaced by another one. */
  Replace: 85,
  /** `X`: an order loses shares. */
  Cancel: 88,
  /** `h`: an operational halt. */
  OperationalHalt: 104,
} as const

/** Bytes of every message by its type; 0 where there is no such type. */
export const MESSAGE_BYTES: Uint8Array = messageBytes()

function messageBytes(): Uint8Array {
  const known: Readonly<Record<string, number>> = {
    S: 12,
    R: 39,
    H: 25,
    Y: 20,
    L: 26,
    V: 35,
    W: 12,
    K: 28,
    J: 35,
    h: 21,
    A: 36,
    F: 40,
    E: 31,
    C: 36,
    X: 23,
    D: 19,
    U: 35,
    P: 44,
    Q: 40,
    B: 19,
    I: 50,
    N: 20,
    O: 48,
  }
  const bytes = new Uint8Array(256)
  for (const [type, length] of Object.entries(known)) bytes[type.charCodeAt(0)] = length
  return bytes
}

/** Bytes that every message has. */
export const HEADER_BYTES = 11

/** Decimal places of a price. */
export const PRICE_SCALE = 4

/**
 * How messages are kept apart: each behind its length in two bytes, as NASDAQ's files are; behind
 * two bytes that are 0, as a known file of samples is; or one directly behind the other.
 */
export type Framing = 'length' | 'zero' | 'none'

/** Returns how the messages of a file that begins with `head` are kept apart. */
export function framingOf(head: Uint8Array): Framing | undefined {
  const length = (head[0] ?? 0) * 256 + (head[1] ?? 0)
  const behind = MESSAGE_BYTES[head[2] ?? 0]!
  if (length > 0 && behind === length) return 'length'
  if (length === 0 && behind > 0) return 'zero'
  return MESSAGE_BYTES[head[0] ?? 0]! > 0 ? 'none' : undefined
}
