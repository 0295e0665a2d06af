/** The file of what became of each order, in the columns and words of hftbacktest. */
import type { OrderOutcome } from '../../engine/index.ts'
import { writeAtomically, writeFully } from '../../store/index.ts'

/** The columns of an outcome file. */
export const OUTCOME_COLUMNS = [
  'order_id',
  'status',
  'exec_price_tick',
  'last_exec_qty_lots',
  'leaves_qty_lots',
  'maker',
  'exch_ts_ns',
  'local_ts_ns',
] as const

/** Returns the text of an outcome file: a header, then one line for each order. */
export function outcomeText(outcomes: readonly OrderOutcome[]): string {
  const lines = outcomes.map((outcome) =>
    [
      outcome.id,
      outcome.status,
      outcome.execPriceTicks,
      outcome.lastExecLots,
      outcome.leavesLots,
      outcome.isMaker ? 1 : 0,
      outcome.exchNs,
      outcome.localNs,
    ].join(','),
  )
  return [OUTCOME_COLUMNS.join(','), ...lines, ''].join('\n')
}

/** Writes an outcome file whole or not at all. @throws LobtraderError WRITE_FAILED */
export function writeOutcomes(path: string, outcomes: readonly OrderOutcome[]): void {
  const bytes = new TextEncoder().encode(outcomeText(outcomes))
  writeAtomically(path, (fd) => writeFully(fd, bytes, 0))
}
