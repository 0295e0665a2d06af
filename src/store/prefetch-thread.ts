/**
 * A thread that reads blocks ahead of a run, which is synchronous and never yields: both sides talk
 * through a shared word of the slot. Where there is no such thread, blocks are read when needed.
 */
import { Worker } from 'node:worker_threads'
import { SlotState, type SlotMemory } from './block-slot.ts'

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

/** How long to wait for a block before giving the thread up, ms. */
const PATIENCE_MS = 20_000

let shared: PrefetchThread | undefined

/** The one prefetching thread of this thread. */
export class PrefetchThread {
  readonly #ready = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined

  private constructor() {
    // The source runs in tests, where nothing strips the types in a thread.
    if (import.meta.url.endsWith('.ts')) return
    try {
      const url = new URL('prefetch-worker.js', import.meta.url)
      // No arguments: those of a user's process may load what a thread must not.
      this.#worker = new Worker(url, { workerData: this.#ready, execArgv: [], stdout: false })
      this.#worker.on('error', () => (this.#worker = undefined))
      // A thread that waits for work must not keep the process alive.
      this.#worker.unref()
    } catch {
      // A machine without threads reads on its own; there is nothing to tell.
      this.#worker = undefined
    }
  }

  /** Returns the thread, started with the first call. */
  static get(): PrefetchThread {
    shared ??= new PrefetchThread()
    return shared
  }

  /** Asks for a block; false when the thread is not up (yet) and nothing was asked. */
  ask(job: PrefetchJob): boolean {
    if (this.#worker === undefined || Atomics.load(this.#ready, 0) === 0) return false
    Atomics.store(job.slot.state, 0, SlotState.Filling)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    this.#worker.postMessage(job)
    return true
  }

  /** Waits until a slot is filled; false when the thread could not, or does not answer. */
  wait(slot: SlotMemory): boolean {
    if (Atomics.load(slot.state, 0) === SlotState.Filling) {
      const told = Atomics.wait(slot.state, 0, SlotState.Filling, PATIENCE_MS)
      if (told === 'timed-out') this.#worker = undefined
    }
    const state = Atomics.load(slot.state, 0)
    return state === SlotState.Ordered || state === SlotState.Disordered
  }
}
