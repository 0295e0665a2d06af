import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MIDNIGHT, instrument, session, temporaryFolder } from '../../test/store-fixture.ts'
import { Prng } from '../core/index.ts'
import { sliceEvents } from '../market/index.ts'
import { BlockEncoder } from './block-encoder.ts'
import { SlotState } from './block-slot.ts'
import { encodeBlock, putEncoded, takeEncoded } from './encode-block.ts'
import { beginJob, type EncodeJob, type EncodeSlot } from './encode-thread.ts'
import { RowMemory } from './row-memory.ts'
import { BLOCK_ROWS } from './tape-format.ts'
import { TapeWriter, type TapeIdentity } from './tape-writer.ts'

const path = temporaryFolder()
const l2 = session(BLOCK_ROWS * 3 + 20_000, 1)
const bbo = session(BLOCK_ROWS + 9000, 2)

/** A thread that is slow, fails now and then, and may stop to answer or never come up. */
class UnreliableThread {
  /** Jobs that it was given, and that it began. */
  jobs = 0
  begun = 0
  readonly #waiting: EncodeJob[] = []
  #current: EncodeJob | undefined
  readonly #random: Prng
  readonly #faults: { readonly up: number; readonly failing: number; readonly dead: number }

  constructor(seed: number, faults: { up: number; failing: number; dead: number }) {
    this.#random = new Prng(seed)
    this.#faults = faults
  }

  ask(job: EncodeJob): boolean {
    if (this.#random.next() >= this.#faults.up) return false
    this.jobs++
    job.slot.state[0] = SlotState.Filling
    this.#waiting.push(job)
    while (this.#random.next() < 0.6 && this.#step());
    return true
  }

  wait({ state }: EncodeSlot): boolean {
    if (state[0] === SlotState.Filling && this.#random.next() < this.#faults.dead) return false
    while (state[0] === SlotState.Filling && this.#step());
    return state[0] === SlotState.Encoded
  }

  /** Begins the next job, or ends the one at hand; false where there is neither. */
  #step(): boolean {
    const job = this.#current
    if (job === undefined) {
      this.#current = this.#waiting.shift()
      if (this.#current === undefined) return false
      if (beginJob(this.#current)) this.begun++
      else this.#current = undefined
      return true
    }
    this.#current = undefined
    const isFailing = this.#random.next() < this.#faults.failing
    const isPut = !isFailing && putEncoded(encodeBlock(job.block), job.slot.bytes)
    job.slot.state[0] = isPut ? SlotState.Encoded : SlotState.Failed
    return true
  }
}

function identity(kind: string): TapeIdentity {
  return { instrument, day: '2024-08-08', kind, epochNs: MIDNIGHT, follows: false }
}

/** Writes both kinds in pieces, one after the other's, and returns the bytes of the files. */
function written(encoder: BlockEncoder, piece: number, rowsMax: number): readonly Buffer[] {
  const memory = new RowMemory(rowsMax)
  const writers = [l2, bbo].map((rows, i) => {
    return { rows, writer: new TapeWriter(path(), identity(`k${i}`), memory, encoder) }
  })
  for (let from = 0; from < l2.length; from += piece) {
    for (const { rows, writer } of writers) {
      if (from >= rows.length) continue
      writer.append(rows, from, Math.min(rows.length, from + piece), 0)
      memory.relieve()
    }
  }
  for (const { writer } of writers) writer.flushAhead()
  for (const { writer } of writers) writer.finish()
  return writers.map(({ writer }) => readFileSync(writer.path))
}

describe('blocks that are encoded in a thread', () => {
  const none = new BlockEncoder(() => ({ ask: () => false, wait: () => false }))
  const [tape, ticker] = written(none, 50_000, 1 << 22)

  it('make the same files as blocks that are not, whatever the thread does', () => {
    let begun = 0
    let left = 0
    const faults = fc.record({
      up: fc.constantFrom(1, 0.7),
      failing: fc.constantFrom(0, 0.3),
      dead: fc.constantFrom(0, 0.3),
    })
    fc.assert(
      fc.property(
        fc.nat(),
        faults,
        fc.integer({ min: 9000, max: 200_000 }),
        fc.constantFrom(1 << 22, 100_000),
        (seed, chances, piece, rowsMax) => {
          const thread = new UnreliableThread(seed, chances)
          const [first, second] = written(new BlockEncoder(() => thread, 0), piece, rowsMax)
          begun += thread.begun
          left += thread.jobs - thread.begun
          return first!.equals(tape!) && second!.equals(ticker!)
        },
      ),
      { numRuns: 6 },
    )
    expect(begun).toBeGreaterThan(5)
    expect(left).toBeGreaterThan(5)
  })

  it('do not ask for a thread where an import has no whole block', () => {
    const encoder = new BlockEncoder(() => {
      throw new Error('nobody needs a thread')
    }, 0)
    const writer = new TapeWriter(path(), identity('l2'), new RowMemory(), encoder)
    writer.append(l2, 0, BLOCK_ROWS - 1, 0)
    writer.flushAhead()
    expect(writer.finish().meta.events).toBe(BLOCK_ROWS - 1)
  })

  it('do not ask for a thread in a process that has encoded few of them', () => {
    let asked = 0
    const ask = (): boolean => {
      asked++
      return false
    }
    const encoder = new BlockEncoder(() => ({ ask, wait: () => false }), 1_000_000)
    written(encoder, 50_000, 1 << 22)
    expect(asked).toBe(0)
    written(new BlockEncoder(() => ({ ask, wait: () => false })), 50_000, 1 << 22)
    expect(asked).toBeGreaterThan(0)
  })

  it('leave nothing behind where their file is given up', () => {
    const thread = new UnreliableThread(1, { up: 1, failing: 0, dead: 0 })
    const encoder = new BlockEncoder(() => thread, 0)
    for (let i = 0; i < 5; i++) {
      const writer = new TapeWriter(path(), identity('l2'), new RowMemory(), encoder)
      writer.append(l2, 0, BLOCK_ROWS * 2, 0)
      writer.discard()
      writer.discard()
    }
    expect(thread.jobs).toBe(10)
  })
})

describe('an encoded block', () => {
  it('passes through shared memory as it is, and is told not to fit where it does not', () => {
    const encoded = encodeBlock(sliceEvents(l2, 7, 9000))
    const bytes = new Uint8Array(new SharedArrayBuffer(encoded.payload.length + 264))
    expect(putEncoded(encoded, bytes)).toBe(true)
    const { entry, payload } = takeEncoded(bytes)
    expect(entry).toEqual(encoded.entry)
    expect(Buffer.from(payload).equals(encoded.payload)).toBe(true)
    expect(putEncoded(encoded, bytes.subarray(1))).toBe(false)
  })
})
