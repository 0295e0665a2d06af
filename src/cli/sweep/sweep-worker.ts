/** A thread of a sweep: runs the cells that it is sent, one at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../core/index.ts'
import { failureOf } from '../failure.ts'
import type { SweepCell } from './sweep-axes.ts'
import { SweepRunner, type SweepJob } from './sweep-run.ts'
import type { SweepAnswer } from './sweep-pool.ts'

const port = parentPort
assert(port !== null, 'the module runs in a thread')
const opening = SweepRunner.open(workerData as SweepJob)
// A failure is told with the first cell; until then nobody waits for it.
opening.catch(() => undefined)

port.on('message', ({ index, cell }: { readonly index: number; readonly cell: SweepCell }) => {
  const answer = async (): Promise<SweepAnswer> => {
    try {
      return { index, row: await (await opening).run(cell) }
    } catch (error) {
      const { code, message, context } = failureOf(error)
      return { index, failure: { code, message, context } }
    }
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  void answer().then((told) => port.postMessage(told))
})
