/** Where in partitions a run may begin without the rows before. */
import type { PartitionInfo } from './partition.ts'
import { instantNs } from '../time/index.ts'
import { openUnchanged } from './tape-reader.ts'
import type { BlockEntry } from './tape-format.ts'

/** A checkpoint: rows that make both books, and the block that goes on from there. */
export interface SeekPoint {
  /** Number of the partition among those that were asked. */
  readonly partition: number
  /** Number of the block in its file. */
  readonly block: number
  /** Rows of the tape that are passed by. */
  readonly rowsBefore: number
  /** Rows of the checkpoint, which stand in their place. */
  readonly rows: number
}

/**
 * Finds the last checkpoint whose books a run that trades from `fromNs` on may begin with.
 *
 * Our own book must not have seen a row of that moment or later, the venue's none that happened
 * after it: a request that leaves then arrives then at the earliest. And no row to come, of the
 * days behind the checkpoint's too, may precede what the venue's book has seen.
 */
export function findSeekPoint(
  infos: readonly PartitionInfo[],
  fromNs: bigint,
): SeekPoint | undefined {
  let laterFloorNs: bigint | undefined
  for (let partition = infos.length - 1; partition >= 0; partition--) {
    const info = infos[partition]!
    const reader = openUnchanged(info)
    const { blocks, seek } = reader.index
    reader.close()
    const epochNs = instantNs(info.day)
    const point = info.fromNs < fromNs ? lastUsable(blocks, seek, fromNs - epochNs) : undefined
    const isClear = (entry: BlockEntry): boolean =>
      laterFloorNs === undefined || epochNs + BigInt(entry.exchMin) <= laterFloorNs
    if (point !== undefined && isClear(point)) {
      const { before } = point
      const earlier = infos.slice(0, partition).reduce((sum, { events }) => sum + events, 0)
      return {
        partition,
        block: before!,
        rowsBefore: earlier + rowsOf(blocks.slice(0, before)),
        rows: rowsOf(seek.filter((entry) => entry.before === before)),
      }
    }
    const least = blocks.reduce((floor, { exchMin }) => Math.min(floor, exchMin), Infinity)
    // Version 1 does not tell its venue times, and has no checkpoints either.
    if (Number.isNaN(least)) return undefined
    const floorNs = epochNs + BigInt(least)
    if (laterFloorNs === undefined || floorNs < laterFloorNs) laterFloorNs = floorNs
  }
  return undefined
}

/** The first block of the last checkpoint that has not seen `from` or later. */
function lastUsable(
  blocks: readonly BlockEntry[],
  seek: readonly BlockEntry[],
  fromNs: bigint,
): BlockEntry | undefined {
  const from = Number(fromNs)
  let found: BlockEntry | undefined
  for (const entry of seek) {
    if (entry.before === found?.before) continue
    const isUsable = blocks[entry.before!]!.firstTime < from && entry.exchMin <= from
    if (isUsable) found = entry
  }
  return found
}

function rowsOf(blocks: readonly BlockEntry[]): number {
  return blocks.reduce((sum, { rows }) => sum + rows, 0)
}
