/**
 * The book and the trades of one symbol of a capture, on their way to the tape.
 *
 * The venue's gate judges every update. A gap or a checksum that differs makes the book stale, and
 * updates are left out until a snapshot. Where snapshots come by REST, updates wait for one that
 * they join, and a snapshot that comes while the book is live is only kept, in case the chain
 * breaks behind it.
 */
import { DataError, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import type { SequenceGate } from '../../sequence/sequence-gate.ts'
import type { LevelList } from '../binance/message.ts'
import { TickerCheck } from '../binance/ticker-check.ts'
import type { Comparison } from '../import-result.ts'
import { LevelTape } from '../level-tape.ts'
import { ChecksumProof } from './checksum-proof.ts'
import { LevelReader } from './level-reader.ts'
import type { VenueBook, VenueTop, VenueTrade } from './market-events.ts'
import { TradeIds } from './trade-ids.ts'
import type { VenueRules } from './venue-rules.ts'
import { WaitingUpdates, type NumberedBook } from './waiting-updates.ts'

/** Breaks to keep for the report. */
const BREAKS_MAX = 5

/** What one symbol is told about its input. */
export interface SymbolBookOptions {
  readonly rules: VenueRules
  readonly epochNs: bigint
  readonly verify: boolean
  readonly place: () => DataPlace
}

/** The tape of one symbol and what is known of its stream. */
export class SymbolBook {
  readonly tape: LevelTape
  readonly trades: TradeIds
  readonly check: TickerCheck | undefined
  readonly instrument: Instrument
  /** Sentences about the first breaks. */
  readonly breaks: string[] = []
  /** Messages that named the symbol. */
  messages = 0
  /** True once the book has been live. */
  hasBegun = false
  /** True once an update or a snapshot came. */
  hasBook = false
  snapshots = 0
  /** Snapshots too old for the updates that waited. */
  unjoined = 0
  /** Where the last book message came from. */
  connection = ''
  readonly #rules: VenueRules
  readonly #place: () => DataPlace
  readonly #epochMs: number
  readonly #levels: LevelReader
  readonly #proof: ChecksumProof | undefined
  readonly #waiting = new WaitingUpdates()
  #gate: SequenceGate | undefined
  #held: NumberedBook | undefined
  /** Updates that were judged once when they came, and again when a snapshot joined them. */
  #judgedTwice = 0
  #venueTime = Number.NaN

  constructor(sink: RowSink, options: SymbolBookOptions) {
    const { rules, epochNs, place } = options
    this.instrument = sink.instrument
    this.tape = new LevelTape(sink, epochNs)
    this.trades = new TradeIds(rules.hasDenseTradeIds)
    this.check = options.verify && rules.hasTickerIds ? new TickerCheck() : undefined
    this.#proof = rules.check === undefined ? undefined : new ChecksumProof(rules.check)
    this.#rules = rules
    this.#place = place
    this.#epochMs = Number(epochNs / 1_000_000n)
    this.#levels = new LevelReader(sink.instrument, place)
  }

  get duplicates(): number {
    const judged = this.#gate?.counts.duplicates ?? 0
    return judged - this.#judgedTwice + this.trades.repeated
  }

  /** Checksums of the venue and how many were reproduced; undefined where it has none. */
  get checksums(): Comparison | undefined {
    return this.#proof?.counts
  }

  get reordered(): number {
    return (this.#gate?.counts.reordered ?? 0) + this.trades.late
  }

  /** Levels too far from the market for a tick of 32 bits. */
  get farLevels(): number {
    return this.#levels.farLevels
  }

  /** Takes a snapshot or an update. @throws DataError, FinerSize for a level that cannot be used */
  book(message: VenueBook, localTime: number, connection: string): void {
    const update = this.#numbered(message, localTime)
    this.hasBook = true
    // What a snapshot by REST comes through does not carry the updates.
    if (!message.isSnapshot || !this.#rules.waitsForSnapshot) this.connection = connection
    this.#gate ??= this.#rules.makeGate(message)
    if (message.isSnapshot) this.#snapshot(this.#gate, update, message, localTime)
    else if (this.#rules.waitsForSnapshot && !this.tape.isLive) this.#wait(this.#gate, update)
    else this.#update(this.#gate, update, message, localTime)
  }

  /** Takes a trade. @throws DataError, FinerSize when it cannot be used */
  trade(trade: VenueTrade, localTime: number): void {
    const tick = this.#levels.tick(trade.price, 'price')
    const lots = this.#levels.lots(trade.size, 'size')
    if (lots === 0) throw this.#bad('size', trade.size, 'a trade has a size above 0')
    if (!this.trades.take(trade)) return
    this.tape.at(localTime, this.#timeOf(trade.time, localTime), Math.max(0, trade.id))
    this.tape.trade(trade.side, tick, lots)
  }

  /** Takes best prices. @throws DataError, FinerSize when they cannot be used */
  top({ bid, ask, id, time }: VenueTop, localTime: number): void {
    const levels = this.#levels
    const bidTick = bid === undefined ? 0 : levels.tick(bid[0], 'bid')
    const bidLots = bid === undefined ? 0 : levels.lots(bid[1], 'bid size')
    const askTick = ask === undefined ? 0 : levels.tick(ask[0], 'ask')
    const askLots = ask === undefined ? 0 : levels.lots(ask[1], 'ask size')
    this.tape.at(localTime, this.#timeOf(time, localTime), id)
    this.tape.top(1, bidTick, bidLots)
    this.tape.top(-1, askTick, askLots)
    this.check?.ticker(id, bidTick, bidLots, askTick, askLots)
  }

  /** Messages are missing for a reason outside the numbers. */
  lose(localTime: number, reason: string): void {
    if (!this.tape.isLive) return
    this.#gate?.invalidate()
    this.#break(localTime, this.#timeOf(Number.NaN, localTime), reason)
  }

  #numbered(message: VenueBook, localTime: number): NumberedBook {
    const { first, last, previous, isSnapshot } = message
    const bids = this.#levels.levels(message.bids, 'bids', isSnapshot)
    const asks = this.#levels.levels(message.asks, 'asks', isSnapshot)
    return { first, last, previous, bids, asks, time: this.#timeOf(message.time, localTime) }
  }

  /** Venue time, or the latest one where the message has none, or its receive time. */
  #timeOf(time: number, localTime: number): number {
    if (Number.isNaN(time)) return Number.isNaN(this.#venueTime) ? localTime : this.#venueTime
    if (!(time <= this.#venueTime)) this.#venueTime = time
    return time
  }

  #snapshot(gate: SequenceGate, at: NumberedBook, message: VenueBook, localTime: number): void {
    this.snapshots++
    if (!this.#rules.waitsForSnapshot) {
      if (gate.onSnapshot(at.last) === 'drop') return
      this.#restore(at, message, localTime)
      this.#prove(gate, message, localTime)
    } else if (this.tape.isLive) {
      if (at.last > gate.lastId) this.#held = at
    } else this.#join(gate, at, localTime)
  }

  /** An update that comes while the book is stale waits; the gate counts what it fills or repeats. */
  #wait(gate: SequenceGate, update: NumberedBook): void {
    const { duplicates, reordered } = gate.counts
    gate.onDelta(update.first, update.last, update.previous)
    const isCounted = gate.counts.duplicates > duplicates || gate.counts.reordered > reordered
    this.#waiting.push(update, isCounted)
  }

  #update(gate: SequenceGate, update: NumberedBook, message: VenueBook, localTime: number): void {
    const { first, last, previous } = update
    const before = gate.lastId
    const verdict = gate.onDelta(first, last, previous)
    if (verdict === 'apply' || (verdict === 'reset' && gate.resetKeepsBook)) {
      this.#apply(update, message, localTime)
      this.#prove(gate, message, localTime)
    } else if (verdict === 'reset') {
      this.#restore(update, undefined, localTime)
    } else if (verdict === 'gap' && this.tape.isLive) {
      const link = previous < 0 ? '' : ` (it follows ${previous})`
      this.#break(localTime, update.time, `update ${first} does not follow ${before}${link}`)
      if (!this.#rules.waitsForSnapshot) return
      this.#waiting.push(update, true)
      if (this.#held !== undefined) this.#join(gate, this.#held, localTime)
    }
  }

  /** Starts the book from a snapshot and the updates that waited, if they join it. */
  #join(gate: SequenceGate, at: NumberedBook, localTime: number): void {
    this.#held = undefined
    const isJoined = this.#waiting.joins(this.#rules.makeGate(at), at.last)
    if (!isJoined || gate.onSnapshot(at.last) === 'gap') {
      this.unjoined++
      return
    }
    this.#restore(at, undefined, localTime)
    for (;;) {
      const next = this.#waiting.at(0)
      if (next === undefined) return
      const repeats = gate.counts.duplicates
      const verdict = gate.onDelta(next.first, next.last, next.previous)
      if (verdict === 'gap') {
        this.#break(localTime, next.time, `update ${next.first} does not follow ${at.last}`)
        return
      }
      if (verdict === 'apply') this.#apply(next, undefined, localTime)
      else if (this.#waiting.wasJudged(0) && gate.counts.duplicates > repeats) this.#judgedTwice++
      this.#waiting.drop(1)
    }
  }

  #restore(update: NumberedBook, message: VenueBook | undefined, localTime: number): void {
    const { tape } = this
    const { bids, asks, last, time } = update
    this.hasBegun = true
    tape.at(localTime, time, Math.max(0, last))
    tape.beginSnapshot()
    writeSnapshotSide(tape, 1, bids)
    writeSnapshotSide(tape, -1, asks)
    tape.endSnapshot()
    if (message !== undefined) this.#cut(message)
    tape.endLevels()
  }

  #apply(update: NumberedBook, message: VenueBook | undefined, localTime: number): void {
    const { tape } = this
    const { bids, asks, last, time } = update
    tape.at(localTime, time, Math.max(0, last))
    for (let i = 0; i < bids.count; i++) tape.level(1, bids.ticks[i]!, bids.lots[i]!)
    for (let i = 0; i < asks.count; i++) tape.level(-1, asks.ticks[i]!, asks.lots[i]!)
    if (message !== undefined) this.#cut(message)
    tape.endLevels()
    const { bestBidTick, bestBidLots, bestAskTick, bestAskLots } = tape.ladder
    this.check?.book(last, bestBidTick, bestBidLots, bestAskTick, bestAskLots)
  }

  /** Removes the levels that fell out of the depth, for which the venue sends no removal. */
  #cut(message: VenueBook): void {
    if (this.#proof === undefined) return
    const { bids, asks } = this.#proof.apply(message)
    for (const price of bids) this.#remove(1, price)
    for (const price of asks) this.#remove(-1, price)
  }

  #remove(side: 1 | -1, price: string): void {
    const tick = this.#levels.tickOrFar(price, 'price')
    if (tick >= 0) this.tape.level(side, tick, 0)
  }

  /** Compares the checksum of a message that was applied. */
  #prove(gate: SequenceGate, message: VenueBook, localTime: number): void {
    const verdict = this.#proof?.judge(message, message.time / 1e6 + this.#epochMs)
    if (verdict !== 'mismatch') return
    if (gate.onChecksum === undefined) gate.invalidate()
    else gate.onChecksum(verdict)
    const time = this.#timeOf(message.time, localTime)
    this.#break(localTime, time, 'the checksum of the book differs from that of the venue')
  }

  #break(localTime: number, time: number, reason: string): void {
    this.tape.at(localTime, time)
    this.tape.gap()
    if (this.breaks.length === BREAKS_MAX) return
    const { file = '', line } = this.#place()
    this.breaks.push(
      `${file} line ${line}: ${this.instrument.symbol}: ${reason}; the book is stale from here until the next snapshot`,
    )
  }

  #bad(field: string, value: string, message: string): DataError {
    return new DataError('BAD_FIELD', message, { ...this.#place(), field, value })
  }
}

/** Whole books that come as an update may name levels of size 0, which are none. */
function writeSnapshotSide(tape: LevelTape, side: 1 | -1, { count, ticks, lots }: LevelList): void {
  for (let i = 0; i < count; i++) {
    if (lots[i]! > 0) tape.snapshotLevel(side, ticks[i]!, lots[i]!)
  }
}
