/** The book of one symbol of a Bybit archive, kept by the venue's rule of numbers. */
import { BybitGate } from '../../sequence/crypto-gates.ts'
import type { LevelTape } from '../level-tape.ts'
import type { BookLine } from './book-line.ts'

/** Breaks to tell of one by one. */
const BREAKS_MAX = 5

/** What an import keeps for a symbol. */
export class BybitBook {
  readonly gate = new BybitGate()
  /** Where updates are missing, as sentences. */
  readonly breaks: string[] = []
  /** Deltas before the first snapshot. */
  unjoined = 0
  #hasSnapshot = false

  /** Applies a message; the tape stands at its time. @param at file and line of it */
  apply(tape: LevelTape, line: BookLine<BybitBook>, at: string): void {
    const { updateId } = line
    const { lastId } = this.gate
    const verdict = line.isSnapshot
      ? this.gate.onSnapshot(updateId)
      : this.gate.onDelta(updateId, updateId)
    if (verdict === 'drop') return
    if (verdict === 'gap') {
      if (!this.#hasSnapshot) this.unjoined++
      else if (tape.isLive) this.#break(tape, `${at}: update ${updateId} does not follow ${lastId}`)
      return
    }
    if (line.isSnapshot || verdict === 'reset') {
      this.#hasSnapshot = true
      tape.beginSnapshot()
      for (const { side, ticks, lots, count } of [line.bids, line.asks]) {
        for (let i = 0; i < count; i++) {
          if (lots[i]! > 0) tape.snapshotLevel(side, ticks[i]!, lots[i]!)
        }
      }
      tape.endSnapshot()
    } else {
      for (const { side, ticks, lots, count } of [line.bids, line.asks]) {
        for (let i = 0; i < count; i++) tape.level(side, ticks[i]!, lots[i]!)
      }
    }
    tape.endLevels()
  }

  #break(tape: LevelTape, sentence: string): void {
    tape.gap()
    if (this.breaks.length < BREAKS_MAX) {
      this.breaks.push(`${sentence}; the book is stale from here until the next snapshot`)
    }
  }
}
