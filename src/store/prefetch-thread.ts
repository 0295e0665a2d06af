/** The thread that reads blocks ahead of a run. */
import type { SlotMemory } from './block-slot.ts'
import { SlotThread } from './slot-thread.ts'

/** One block to read, as it is sent to the thread. */
export interface PrefetchJob {
  readonly path: string
  /** The partition must still have this digest. */
  readonly digest: string
  /** Number of the block in its file. */
  readonly block: number
  /** True for a block of the seek section. */
  readonly isSeek: boolean
  readonly shift: number
  readonly slot: SlotMemory
}

let shared: SlotThread<PrefetchJob> | undefined

/** Returns the one prefetching thread of this thread, started with the first call. */
export function prefetchThread(): SlotThread<PrefetchJob> {
  shared ??= new SlotThread('prefetch-worker')
  return shared
}
