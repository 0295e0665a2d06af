/**
 * Keeps the last run of this thread reachable until the next one has ended.
 *
 * Compiled code relies on the shapes of the objects that it was compiled for, and does not keep them:
 * once no object of a shape is left, the collector takes the shape and all code for it. Between two
 * runs nothing of a run is left, so that each would begin with cold code: of many runs in a row, as a
 * sweep makes them, every one would take two or three times as long as it has to.
 */
import type { LentTape } from './lent-tape.ts'

const kept: { run: object | undefined } = { run: undefined }

/** Keeps a run that has ended, without the rows of its tapes, and lets the one before go. */
export function keepRun(run: object, tapes: readonly LentTape[]): void {
  for (const tape of tapes) tape.release()
  kept.run = run
}
