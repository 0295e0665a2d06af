/**
 * Joins rows that a file holds twice, once for the exchange side and once for the local side.
 *
 * Such a file carries two orders: exchange rows by venue time, local rows by local time. The
 * output stands in local order; the exchange side reads it in stable order of venue time. So two
 * rows are joined only where that keeps the exchange rows of one venue time in their order;
 * elsewhere each stays visible to its own side, which is always right, only longer.
 */
import { assert } from '../../../core/index.ts'
import { EXCH_ONLY_BIT, LOCAL_ONLY_BIT } from '../../../market/index.ts'

/** Exchange rows to hold back at most while their local twin is looked for. */
const PENDING_MAX = 1 << 18
const PENDING_FIRST = 1 << 6
const NONE = -1

/** A row on its way; the object is used again for the next. */
export interface TapeRow {
  localTime: number
  exchTime: number
  /** Kind, side and who sees the row. */
  code: number
  tick: number
  lots: number
  seq: number
}

/** Returns a row to be filled. */
export function newTapeRow(): TapeRow {
  return { localTime: 0, exchTime: 0, code: 0, tick: 0, lots: 0, seq: 0 }
}

/** Takes rows in local order. */
export interface JoinedRowSink {
  row(row: TapeRow): void
}

/** Rows of both sides on their way into one order. */
export class SideJoin {
  readonly #sink: JoinedRowSink
  readonly #capacityMax: number
  /** Room for pending rows at ordinal `& #mask`; it doubles when it is full. */
  #capacity = 0
  #mask = 0
  #exchTime = new Float64Array(0)
  #localTime = new Float64Array(0)
  #lots = new Float64Array(0)
  #seq = new Float64Array(0)
  #tick = new Int32Array(0)
  #code = new Uint8Array(0)
  #isDone = new Uint8Array(0)
  /** Chains of pending rows by hash, newest first. */
  #chain = new Int32Array(0)
  #next = new Int32Array(0)
  /** Ordinals of the oldest pending row and of the next one. */
  #head = 0
  #tail = 0
  #time = Number.NEGATIVE_INFINITY
  readonly #released: TapeRow = newTapeRow()

  /** @param capacity exchange rows to hold back at most, a power of two */
  constructor(sink: JoinedRowSink, capacity = PENDING_MAX) {
    assert((capacity & (capacity - 1)) === 0, 'capacity is a power of two')
    this.#sink = sink
    this.#capacityMax = capacity
    this.#makeRoom(Math.min(capacity, PENDING_FIRST))
  }

  /** Takes a row for the exchange side, in order of venue time. */
  exchangeRow(row: TapeRow): void {
    const { localTime, exchTime, code, tick, lots, seq } = row
    if (this.#tail - this.#head >= this.#capacity && this.#capacity < this.#capacityMax) {
      this.#makeRoom(this.#capacity * 2)
    }
    while (this.#tail - this.#head >= this.#capacity) this.#releaseHead(localTime)
    const slot = this.#tail++ & this.#mask
    this.#exchTime[slot] = exchTime
    this.#localTime[slot] = localTime
    this.#lots[slot] = lots
    this.#seq[slot] = seq
    this.#tick[slot] = tick
    this.#code[slot] = code
    this.#isDone[slot] = 0
    this.#link(slot)
  }

  /** Takes a row for the local side, in order of local time. */
  localRow(row: TapeRow): void {
    this.#releasePassed(row.localTime)
    const ordinal = this.#findTwin(row)
    if (ordinal === NONE) {
      this.#emit(row, LOCAL_ONLY_BIT)
      return
    }
    this.#releaseTies(row.exchTime, ordinal, row.localTime)
    this.#unlink(ordinal & this.#mask)
    this.#emit(row, 0)
    this.#skipDone()
  }

  /** Takes a row for both sides, in both orders. */
  sharedRow(row: TapeRow): void {
    this.#releasePassed(row.localTime)
    this.#releaseTies(row.exchTime, this.#tail, row.localTime)
    this.#skipDone()
    this.#emit(row, 0)
  }

  /** Gives out what has found no twin. */
  finish(): void {
    while (this.#head < this.#tail) this.#releaseHead(Number.POSITIVE_INFINITY)
  }

  #makeRoom(capacity: number): void {
    const from = this.#mask
    const to = capacity - 1
    const moved = <T extends Float64Array | Int32Array | Uint8Array>(rows: T, room: T): T => {
      for (let i = this.#head; i < this.#tail; i++) room[i & to] = rows[i & from]!
      return room
    }
    this.#exchTime = moved(this.#exchTime, new Float64Array(capacity))
    this.#localTime = moved(this.#localTime, new Float64Array(capacity))
    this.#lots = moved(this.#lots, new Float64Array(capacity))
    this.#seq = moved(this.#seq, new Float64Array(capacity))
    this.#tick = moved(this.#tick, new Int32Array(capacity))
    this.#code = moved(this.#code, new Uint8Array(capacity))
    this.#isDone = moved(this.#isDone, new Uint8Array(capacity))
    this.#chain = new Int32Array(capacity).fill(NONE)
    this.#next = new Int32Array(capacity).fill(NONE)
    this.#capacity = capacity
    this.#mask = to
    for (let i = this.#head; i < this.#tail; i++) {
      if (this.#isDone[i & to] === 0) this.#link(i & to)
    }
  }

  /** Puts a pending row in front of its chain. */
  #link(slot: number): void {
    const hashed = hash(this.#localTime[slot]!, this.#tick[slot]!, this.#code[slot]!)
    const bucket = hashed & this.#mask
    this.#next[slot] = this.#chain[bucket]!
    this.#chain[bucket] = slot
  }

  /** Gives out the oldest rows whose twin would have come by now. */
  #releasePassed(localTime: number): void {
    while (this.#head < this.#tail && this.#localTime[this.#head & this.#mask]! < localTime) {
      this.#releaseHead(localTime)
    }
  }

  /** Gives out pending rows of a venue time that come before an ordinal of the same time. */
  #releaseTies(exchTime: number, ordinal: number, localTime: number): void {
    let first = ordinal
    while (first > this.#head && this.#exchTime[(first - 1) & this.#mask] === exchTime) first--
    for (let i = first; i < ordinal; i++) {
      if (this.#isDone[i & this.#mask] === 0) this.#release(i & this.#mask, localTime)
    }
  }

  #releaseHead(localTime: number): void {
    this.#release(this.#head & this.#mask, localTime)
    this.#skipDone()
  }

  #release(slot: number, localTimeMax: number): void {
    this.#unlink(slot)
    const row = this.#released
    // The local side never sees the row; its time only has to fit between its neighbours.
    row.localTime = Math.max(this.#time, Math.min(this.#localTime[slot]!, localTimeMax))
    row.exchTime = this.#exchTime[slot]!
    row.code = this.#code[slot]!
    row.tick = this.#tick[slot]!
    row.lots = this.#lots[slot]!
    row.seq = this.#seq[slot]!
    this.#emit(row, EXCH_ONLY_BIT)
  }

  /** @param visibility bits to add to the code */
  #emit(row: TapeRow, visibility: number): void {
    this.#time = row.localTime
    row.code |= visibility
    this.#sink.row(row)
  }

  #skipDone(): void {
    while (this.#head < this.#tail && this.#isDone[this.#head & this.#mask] === 1) this.#head++
  }

  /** Returns the ordinal of the oldest pending row with these values. */
  #findTwin(row: TapeRow): number {
    const { localTime, exchTime, code, tick, lots, seq } = row
    let found = NONE
    let slot = this.#chain[hash(localTime, tick, code) & this.#mask]!
    for (; slot !== NONE; slot = this.#next[slot]!) {
      const isTwin =
        this.#localTime[slot] === localTime &&
        this.#exchTime[slot] === exchTime &&
        this.#code[slot] === code &&
        this.#tick[slot] === tick &&
        this.#lots[slot] === lots &&
        this.#seq[slot] === seq
      // Chains hold the newest first, so the last match is the oldest.
      if (isTwin) found = this.#ordinalOf(slot)
    }
    return found
  }

  #ordinalOf(slot: number): number {
    const ordinal = this.#head - (this.#head & this.#mask) + slot
    return ordinal >= this.#head ? ordinal : ordinal + this.#capacity
  }

  #unlink(slot: number): void {
    this.#isDone[slot] = 1
    const hashed = hash(this.#localTime[slot]!, this.#tick[slot]!, this.#code[slot]!)
    const bucket = hashed & this.#mask
    let at = this.#chain[bucket]!
    if (at === slot) {
      this.#chain[bucket] = this.#next[slot]!
      return
    }
    while (this.#next[at] !== slot) at = this.#next[at]!
    this.#next[at] = this.#next[slot]!
  }
}

function hash(localTime: number, tick: number, code: number): number {
  const low = localTime | 0
  let mixed = Math.imul(low ^ Math.imul(tick, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b), 0xc2b2ae35)
  mixed ^= mixed >>> 15
  return mixed
}
