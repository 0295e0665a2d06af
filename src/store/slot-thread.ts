/**
 * A thread that works on slots of shared memory for a caller that is synchronous and never yields:
 * both sides talk through a shared word of the slot. Where there is no such thread, the caller does
 * the work himself.
 */
import { Worker } from 'node:worker_threads'
import { SlotState } from './block-slot.ts'

/** How long to wait for a slot before giving the thread up, ms. */
const PATIENCE_MS = 20_000

/** What is sent to a thread; `state` is a {@link SlotState}. */
interface SlotJob {
  readonly slot: { readonly state: Int32Array }
}

/** A thread that takes jobs of one kind, one after the other. */
export class SlotThread<Job extends SlotJob> {
  readonly #ready = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined

  /** @param script name of the thread's module in this folder, without its ending */
  constructor(script: string) {
    // The source runs in tests, where nothing strips the types in a thread.
    if (import.meta.url.endsWith('.ts')) return
    try {
      const url = new URL(`${script}.js`, import.meta.url)
      // No arguments: those of a user's process may load what a thread must not.
      this.#worker = new Worker(url, { workerData: this.#ready, execArgv: [], stdout: false })
      this.#worker.on('error', () => (this.#worker = undefined))
      // A thread that waits for work must not keep the process alive.
      this.#worker.unref()
    } catch {
      // A machine without threads works on its own; there is nothing to tell.
      this.#worker = undefined
    }
  }

  /** Gives the thread a job; false when it is not up (yet) and nothing was given. */
  ask(job: Job): boolean {
    if (this.#worker === undefined || Atomics.load(this.#ready, 0) === 0) return false
    Atomics.store(job.slot.state, 0, SlotState.Filling)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    this.#worker.postMessage(job)
    return true
  }

  /** Waits until a slot is filled; false when the thread could not, or does not answer. */
  wait({ state }: Job['slot']): boolean {
    if (Atomics.load(state, 0) === SlotState.Filling) {
      const told = Atomics.wait(state, 0, SlotState.Filling, PATIENCE_MS)
      if (told === 'timed-out') this.#worker = undefined
    }
    const now = Atomics.load(state, 0)
    return now > SlotState.Filling && now !== SlotState.Failed
  }
}
