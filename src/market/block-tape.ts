/** A tape over blocks that are fetched one by one, such as those of files. */
import { assert } from '../core/index.ts'
import type { EventBlocks, EventTape } from './event-tape.ts'
import { ExchangeWindows } from './exchange-windows.ts'
import { LocalWindows } from './local-windows.ts'

/** Returns the tape of the blocks. */
export function blockTape(blocks: EventBlocks): EventTape {
  const { rows, exchMin } = blocks
  assert(
    exchMin.length === rows.length && blocks.firstTime.length === rows.length,
    'every block has its figures',
  )
  const floors = laterFloors(exchMin)
  return {
    epochNs: blocks.epochNs,
    length: rows.reduce((sum, count) => sum + count, 0),
    firstTime: rows.length === 0 ? Number.NaN : blocks.firstTime[0]!,
    lastTime: rows.length === 0 ? Number.NaN : blocks.lastTime,
    local: () => new LocalWindows(blocks),
    exchange: () => new ExchangeWindows(blocks, floors),
  }
}

/** For each block the least venue time in all blocks behind it, Infinity for the last. */
function laterFloors(exchMin: Float64Array): Float64Array {
  const floors = new Float64Array(exchMin.length)
  let floor = Number.POSITIVE_INFINITY
  for (let block = exchMin.length - 1; block >= 0; block--) {
    floors[block] = floor
    floor = Math.min(floor, exchMin[block]!)
  }
  return floors
}
