/**
 * Memory of whole blocks that is used again, by later imports too: fresh pages cost more than the
 * copies of rows into them.
 */
import { allocateEvents, type EventColumns } from '../market/index.ts'
import { BLOCK_ROWS } from './tape-format.ts'

/** Blocks to keep, about 12 MB. */
const KEPT_MAX = 4

const kept: EventColumns[] = []

/** Returns columns of BLOCK_ROWS rows, whose values are not defined. */
export function takeBlock(epochNs: bigint): EventColumns {
  const columns = kept.pop()
  return columns === undefined ? allocateEvents(BLOCK_ROWS, epochNs) : { ...columns, epochNs }
}

/** Takes columns back that nobody uses any more; those of another length are let go. */
export function giveBlock(columns: EventColumns): void {
  if (columns.length === BLOCK_ROWS && kept.length < KEPT_MAX) kept.push(columns)
}
