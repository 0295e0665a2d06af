/**
 * Joins the messages of a venue and its snapshots: what comes while a snapshot is awaited waits
 * aside, and is judged by the venue's rule once the snapshot is there.
 */
import { LobtraderError } from '../../core/index.ts'

/**
 * A venue's sequence rule, as the gates of the `feed` folder are: pure, told of ids only.
 *
 * `apply`: continues the book. `drop`: the book has it. `gap`: something is missing before it.
 * `reset`: the numbers begin anew with it.
 */
export interface SequenceRule {
  /** Id of the last update in the book, -1 while there is none. */
  readonly lastId: number
  /** True when a `reset` continues the book, false when it replaces it. */
  readonly resetKeepsBook: boolean
  onSnapshot(lastUpdateId: number): SequenceVerdict
  onDelta(first: number, last: number, previous: number): SequenceVerdict
  /** Makes the book stale for a reason outside the numbers. */
  invalidate(): void
}

/** @see SequenceRule */
export type SequenceVerdict = 'apply' | 'drop' | 'gap' | 'reset'

/** What the owner of a book is to do with a message. */
export type MessageStep =
  | 'apply'
  /** Empty the book, then apply. */
  | 'replace'
  /** Nothing: the book has it, or it waits for a snapshot. */
  | 'skip'
  /** The book is stale: ask for a snapshot. */
  | 'lost'

interface NumberedMessage {
  readonly first: number
  readonly last: number
  readonly previous?: number
}

/** @see module comment */
export class SnapshotRecovery<Message extends NumberedMessage> {
  readonly #rule: SequenceRule
  readonly #bufferMax: number
  #waiting: Message[] = []
  #isWaiting = false
  #hasJoined = false
  #overflow = 0
  /** Greatest id of a message that had to go: a snapshot must hold it. */
  #goneTo = Number.NEGATIVE_INFINITY
  /** True from a break to the next message, before which something is missing. */
  #isBroken = false

  /**
   * @param bufferMax messages that wait for a snapshot at most; beyond it the oldest go. 0 where
   *   snapshots come in the stream of the updates: what came before one is in it
   * @throws LobtraderError BAD_ARGUMENT
   */
  constructor(rule: SequenceRule, bufferMax: number) {
    if (!Number.isSafeInteger(bufferMax) || bufferMax < 0) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `bufferMax is a whole number of messages, 0 or more; was ${bufferMax}`,
        { field: 'bufferMax', value: bufferMax },
      )
    }
    this.#rule = rule
    this.#bufferMax = bufferMax
  }

  /** True from a loss to the snapshot that mends it. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }

  /** True once a snapshot or an update has been in the book. */
  get hasJoined(): boolean {
    return this.#hasJoined
  }

  get lastId(): number {
    return this.#rule.lastId
  }

  /** Messages that wait for a snapshot. */
  get buffered(): number {
    return this.#waiting.length
  }

  /** Messages so far that had to go because too many waited. */
  get overflow(): number {
    return this.#overflow
  }

  /** Judges a message. */
  onMessage(message: Message): MessageStep {
    if (this.#isWaiting) {
      this.#keep(message)
      return 'skip'
    }
    switch (this.#rule.onDelta(message.first, message.last, message.previous ?? -1)) {
      case 'apply':
        this.#hasJoined = true
        return 'apply'
      case 'reset':
        this.#hasJoined = true
        return this.#rule.resetKeepsBook ? 'apply' : 'replace'
      case 'drop':
        return 'skip'
      default:
        this.#isWaiting = true
        this.#keep(message)
        return 'lost'
    }
  }

  /** Judges a snapshot: `apply`, then take what {@link takeWaiting} returns through `onMessage`. */
  onSnapshot(lastUpdateId: number): 'apply' | 'skip' | 'lost' {
    const misses = lastUpdateId < this.#goneTo
    const verdict = misses ? 'gap' : this.#rule.onSnapshot(lastUpdateId)
    if (verdict === 'gap') {
      this.#isWaiting = true
      return 'lost'
    }
    if (verdict === 'drop') return 'skip'
    this.#hasJoined = true
    this.#isWaiting = false
    this.#goneTo = Number.NEGATIVE_INFINITY
    this.#isBroken = false
    return 'apply'
  }

  /** Returns the messages that have waited and go beyond a snapshot, oldest first; forgets all. */
  takeWaiting(lastUpdateId: number): Message[] {
    const waiting = this.#waiting.filter(({ last }) => last > lastUpdateId)
    this.#waiting = []
    return waiting
  }

  /** The book cannot be trusted: wait for a snapshot. */
  lose(): void {
    this.#rule.invalidate()
    this.#isWaiting = true
  }

  /**
   * Messages are missing here, whether or not numbers will show it: those before are of no use, and
   * a snapshot must hold the first one behind.
   */
  break(): void {
    this.lose()
    if (this.#waiting.length > 0) this.#goneTo = Math.max(this.#goneTo, this.#waiting.at(-1)!.last)
    this.#waiting = []
    this.#isBroken = true
  }

  #keep(message: Message): void {
    if (this.#bufferMax === 0) return
    if (this.#isBroken) this.#goneTo = Math.max(this.#goneTo, message.last)
    this.#isBroken = false
    this.#waiting.push(message)
    if (this.#waiting.length <= this.#bufferMax) return
    // In one go: to shift one by one would move all the others each time.
    const gone = this.#waiting.splice(0, Math.max(1, this.#bufferMax >> 3))
    this.#overflow += gone.length
    this.#goneTo = Math.max(this.#goneTo, gone.at(-1)!.last)
  }
}
