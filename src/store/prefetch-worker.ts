/** The thread of `prefetch-thread.ts`: fills slots with blocks, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { SlotState, fillSlot } from './block-slot.ts'
import type { PrefetchJob } from './prefetch-thread.ts'
import { TapeReader } from './tape-reader.ts'

let reader: TapeReader | undefined

function readJob(job: PrefetchJob): number {
  if (reader?.path !== job.path || reader.meta.digest !== job.digest) {
    reader = new TapeReader(job.path)
  }
  try {
    const { blocks, seek } = reader.index
    const block = (job.isSeek ? seek : blocks)[job.block]
    if (reader.meta.digest !== job.digest || block === undefined) return SlotState.Failed
    return fillSlot(job.slot, reader, block, job.shift)
  } finally {
    reader.close()
  }
}

parentPort?.on('message', (job: PrefetchJob) => {
  const word = job.slot.state
  let state: number = SlotState.Failed
  try {
    state = readJob(job)
  } catch {
    // Who waits reads the block himself then, and tells what is wrong with it.
    reader = undefined
  }
  Atomics.store(word, 0, state)
  Atomics.notify(word, 0)
})

const ready = workerData as Int32Array
Atomics.store(ready, 0, 1)
