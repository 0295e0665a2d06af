/** The state of a book that fuses depth and ticker by venue time. */
import { BookPhase, BookState, type BookStatus } from '../book-state.ts'
import type { LadderOptions } from '../ladder.ts'
import { FusedLevels } from './fused-levels.ts'

/** What `apply-fused.kernel.ts` moves. */
export class FusedBookState extends BookState {
  readonly levels: FusedLevels
  /** Level and ticker rows so far of which something later was known. */
  outdated = 0

  constructor(options: LadderOptions = {}) {
    super(options)
    this.levels = new FusedLevels(this.ladder)
  }

  /** A ticker alone makes no book: it is being synchronised until the depth begins. */
  override get status(): BookStatus {
    const status = super.status
    const hasTop = status === 'live' || status === 'crossed'
    return hasTop && this.phase === BookPhase.Empty ? 'syncing' : status
  }
}
