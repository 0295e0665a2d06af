/** Sequence rules of crypto venues other than Binance. */
import type { ChecksumVerdict } from '../checksum/checksum-verdict.ts'
import { ChainGate } from './chain-gate.ts'
import { DenseGate } from './dense-gate.ts'
import { RecentLinks } from './recent-links.ts'
import type { SequenceGate } from './sequence-gate.ts'
import { SequenceTally, type SequenceCounts } from './sequence-tally.ts'
import type { Verdict } from './verdict.ts'

const BYBIT_DUPLICATE_WINDOW = 64

/**
 * Bybit v5, topics `orderbook.{depth}.{symbol}`: `first` and `last` are `u`.
 *
 * In our words, from "Orderbook", Bybit v5 websocket public documentation (read 2026-11):
 * 1. a message of type `snapshot` replaces the book, whenever it comes;
 * 2. `u` counts up by one per message of the topic;
 * 3. `u` = 1 is a whole book after a restart of the service: overwrite yours;
 * 4. level 1 sends the snapshot again, with the same `u`, after 3 seconds without a change.
 */
export class BybitGate extends DenseGate {
  override onSnapshot(lastUpdateId: number): Verdict {
    if (this.live && lastUpdateId === this.lastId) return this.tally.keepAlive()
    if (lastUpdateId === 1 && this.live) return this.restart(1)
    return super.onSnapshot(lastUpdateId)
  }

  override onDelta(first: number, last: number): Verdict {
    if (last === 1 && this.lastId > 1) return this.restart(1)
    // A lost restart would have all that follows taken for duplicates.
    if (this.live && last <= this.lastId - BYBIT_DUPLICATE_WINDOW) return this.breakBackwards()
    return super.onDelta(first, last)
  }
}

/**
 * OKX v5, channels `books`, `books-l2-tbt`, `books50-l2-tbt`: `last` is `seqId`, `previous` is
 * `prevSeqId`; a message with `action: snapshot` (its `prevSeqId` is -1) goes to `onSnapshot`.
 *
 * In our words, from "Order book channel, Sequence ID", OKX API v5 documentation (read 2026-11):
 * 1. `prevSeqId` equals the `seqId` of the message before it; -1 in a snapshot;
 * 2. exception 1: after about 60 quiet seconds a message without levels has both ids equal;
 * 3. exception 2: maintenance may begin the numbers anew: one message has `seqId` below `prevSeqId`
 *    and still follows the last one; the rule holds again after it.
 * The book goes on through such a reset.
 */
export class OkxGate extends ChainGate {
  protected override onBackwards(last: number, previous: number): Verdict {
    return this.restart(last, previous)
  }
}

/**
 * Deribit, channels `book.{instrument}.{interval}`: `last` is `change_id`, `previous` is
 * `prev_change_id`; a message of type `snapshot` goes to `onSnapshot`.
 *
 * In our words, from "book.(instrument_name).(interval)", Deribit API documentation (read 2026-11):
 * 1. the first notification is the whole book, without `prev_change_id`;
 * 2. nothing is missing while `prev_change_id` equals the `change_id` of the message before.
 */
export class DeribitGate extends ChainGate {}

/**
 * Coinbase Advanced Trade: `first` and `last` are `sequence_num`, which counts all messages of one
 * connection over all its channels, from 0; each connection needs a gate of its own.
 *
 * In our words, from "WebSocket overview" and the AsyncAPI document of the Advanced Trade API (read
 * 2026-11): each message is one above the one before; a higher one means that messages were
 * dropped, a lower one may be ignored or came out of order. The overview says "for each product",
 * the AsyncAPI document "per connection"; with the first reading this gate would report gaps at
 * once on a connection of two products, never hide one.
 */
export class CoinbaseConnectionGate extends DenseGate {
  constructor() {
    super(0)
  }
}

/**
 * Coinbase Exchange, channel `full`: `first` and `last` are `sequence`, which counts the messages of
 * one product; `onSnapshot` takes the `sequence` of the REST book.
 *
 * In our words, from "WebSocket overview, Sequence numbers", Coinbase Exchange (read 2026-11): each
 * message is exactly one above the one before; more is a dropped message, less is late or old.
 * `level2` has no numbers (delivery is guaranteed); `matches` and `ticker` show only some of the
 * numbers, so their trades are judged by `trade_id`, which has no holes.
 */
export class CoinbaseProductGate extends DenseGate {}

/**
 * Bitstamp, channel `diff_order_book_{pair}` with the REST book: `last` is `microtimestamp`.
 *
 * In our words, from "Live full order book", Bitstamp websocket v2 examples (as repeated by public
 * clients, read 2026-11):
 * 1. keep the diffs that come before the REST book is there;
 * 2. throw away those with a `microtimestamp` up to the book's, apply the others in order.
 * A book older than the first diff kept cannot be joined: `onSnapshot` says `gap`, fetch again. Nothing
 * links one diff to the next, so a lost one shows in no number: see `detectsLoss`.
 */
export class BitstampGate implements SequenceGate {
  /** False: a lost update is invisible to this rule. */
  readonly detectsLoss = false
  readonly resetKeepsBook = false
  lastId = -1
  readonly #tally = new SequenceTally()
  readonly #recent = new RecentLinks()
  #snapshotId = -1
  /** Lowest id of a snapshot that misses no update, -1 while any will do. */
  #oldestJoin = -1

  get counts(): SequenceCounts {
    return this.#tally
  }

  onSnapshot(lastUpdateId: number): Verdict {
    if (lastUpdateId < this.#oldestJoin) return 'gap'
    this.lastId = lastUpdateId
    this.#snapshotId = lastUpdateId
    this.#tally.join()
    return 'apply'
  }

  onDelta(_first: number, last: number): Verdict {
    if (this.lastId < 0) {
      if (this.#oldestJoin < 0) this.#oldestJoin = last
      return this.#tally.refuse(last)
    }
    if (this.#recent.has(last, 0)) return this.#tally.duplicate()
    if (last <= this.#snapshotId) return this.#tally.hold()
    if (last <= this.lastId) {
      this.invalidate()
      return this.#tally.late()
    }
    this.lastId = last
    this.#recent.add(last, 0)
    return this.#tally.apply()
  }

  invalidate(): void {
    this.#tally.join()
    // What was applied is not kept for another try, so the next snapshot must hold it.
    this.#oldestJoin = Math.max(this.#oldestJoin, this.lastId)
    this.lastId = -1
  }
}

/**
 * Streams without numbers, whose delivery the venue guarantees or a checksum proves: Coinbase
 * Exchange `level2`, OKX before `seqId`. `lastId` counts the updates since the snapshot; a loss is
 * invisible to this rule.
 */
export class UnnumberedGate implements SequenceGate {
  readonly resetKeepsBook: boolean = false
  lastId = -1
  protected readonly tally = new SequenceTally()

  get counts(): SequenceCounts {
    return this.tally
  }

  onSnapshot(): Verdict {
    this.lastId = 0
    return 'apply'
  }

  onDelta(): Verdict {
    if (this.lastId < 0) return this.tally.refuse(Infinity)
    this.lastId++
    return this.tally.apply()
  }

  invalidate(): void {
    this.lastId = -1
  }
}

/**
 * Kraken v1 and v2, channel `book`: no numbers at all; the CRC32 of the book is the only proof.
 *
 * In our words, from "Book checksum" v1 and v2, Kraken API Center (read 2026-11): apply the whole
 * message, cut the book to the subscribed depth, then compare the checksum of the ten best levels;
 * subscribe again when it differs. `lastId` counts the updates since the snapshot.
 */
export class KrakenGate extends UnnumberedGate {
  /** Judges the book after an update that was applied: a mismatch breaks it until a snapshot. */
  onChecksum(verdict: ChecksumVerdict): Verdict {
    if (this.lastId < 0) return 'gap'
    if (verdict !== 'mismatch') return 'apply'
    this.lastId = -1
    // The update was counted as applied; its checksum tells that the book was wrong.
    this.tally.applied--
    return this.tally.gap(-1, -1)
  }
}
