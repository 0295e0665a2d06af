/** Copies a store through an import whose blocks are encoded in a thread. */
import { Instrument, allocateEvents } from '../../dist/market/index.js'
import { encodeThread, makeEncodeSlot } from '../../dist/store/encode-thread.js'
import { beginImport, openStore } from '../../dist/store/index.js'

const [from, to] = process.argv.slice(2)

/** Waits until the thread is up and has encoded a block. */
function startThread() {
  const slot = makeEncodeSlot()
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const block = allocateEvents(1, 0n)
  for (let tries = 0; tries < 600; tries++) {
    slot.ticket[0] = 1
    if (encodeThread().ask({ block, slot, ticket: 1 })) return encodeThread().wait(slot)
    Atomics.wait(clock, 0, 0, 50)
  }
  return false
}

if (!startThread()) throw new Error('the thread does not encode')
const store = openStore(from)
const instrument = new Instrument(store.partitions()[0].instrument)
// A process that has encoded few blocks does not use its thread.
for (let copy = 0; copy < 4; copy++) {
  const transaction = beginImport(to, { instrument })
  for (const info of store.partitions()) transaction.append(info.kind, store.load(info))
  transaction.commit()
}
