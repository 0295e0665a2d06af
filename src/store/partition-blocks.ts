/** Reads a partition block by block through one block's memory. */
import { allocateEvents, sliceEvents, type EventColumns } from '../market/index.ts'
import type { PartitionInfo } from './partition.ts'
import { BLOCK_ROWS } from './tape-format.ts'
import { openUnchanged } from './tape-reader.ts'

/**
 * Yields the rows of a partition in their order, on its epoch; each block's memory is used again
 * for the next.
 *
 * @throws as `Store.load`
 */
export function* partitionBlocks(info: PartitionInfo): Generator<EventColumns, void> {
  const reader = openUnchanged(info)
  try {
    const room = allocateEvents(Math.min(BLOCK_ROWS, info.events), BigInt(reader.meta.epochNs))
    for (const block of reader.index.blocks) {
      const rows = sliceEvents(room, 0, block.rows)
      reader.readBlock(block, rows, 0)
      yield rows
    }
  } finally {
    reader.close()
  }
}
