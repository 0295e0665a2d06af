/** The thread of `encode-thread.ts`: encodes blocks, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { SlotState } from './block-slot.ts'
import { encodeBlock, putEncoded } from './encode-block.ts'
import { beginJob, type EncodeJob } from './encode-thread.ts'

parentPort?.on('message', (job: EncodeJob) => {
  if (!beginJob(job)) return
  const { block, slot } = job
  let state: number = SlotState.Failed
  try {
    if (putEncoded(encodeBlock(block), slot.bytes)) state = SlotState.Encoded
  } catch {
    // Who waits encodes the block himself then, and tells what is wrong with it.
    state = SlotState.Failed
  }
  Atomics.store(slot.state, 0, state)
  Atomics.notify(slot.state, 0)
})

const ready = workerData as Int32Array
Atomics.store(ready, 0, 1)
