/** Runs the cells of a sweep over threads that share the events. */
import { Worker } from 'node:worker_threads'
import { LobtraderError, type ErrorCode, type ErrorContext } from '../../core/index.ts'
import type { SweepRow } from '../../report/index.ts'
import type { SweepCell } from './sweep-axes.ts'
import { SweepRunner, type SweepJob } from './sweep-run.ts'

/** What a thread says of a cell. */
export type SweepAnswer =
  | { readonly index: number; readonly row: SweepRow }
  | {
      readonly index: number
      readonly failure: {
        readonly code: string
        readonly message: string
        readonly context: ErrorContext
      }
    }

/** How a sweep runs. */
export interface SweepPoolOptions {
  readonly threads: number
  /** Ends the sweep; what has finished is returned. */
  readonly signal: AbortSignal
  /** Called after each run. */
  readonly onRow?: (row: SweepRow, done: number) => void
}

/**
 * Runs every cell and returns their rows in order; fewer of them when it was aborted.
 *
 * @throws LobtraderError the first failure, with the cell that it belongs to
 */
export async function runSweep(
  job: SweepJob,
  cells: readonly SweepCell[],
  options: SweepPoolOptions,
): Promise<SweepRow[]> {
  // The source runs in tests, where nothing strips the types in a thread.
  const isSource = import.meta.url.endsWith('.ts')
  const rows = isSource
    ? await runHere(job, cells, options)
    : await new SweepPool(job, cells, options).run()
  return rows.filter((row) => row !== undefined)
}

async function runHere(
  job: SweepJob,
  cells: readonly SweepCell[],
  { signal, onRow }: SweepPoolOptions,
): Promise<SweepRow[]> {
  const runner = await SweepRunner.open(job)
  const rows: SweepRow[] = []
  for (const cell of cells) {
    if (signal.aborted) break
    rows.push(await runner.run(cell))
    onRow?.(rows.at(-1)!, rows.length)
  }
  return rows
}

class SweepPool {
  readonly #job: SweepJob
  readonly #cells: readonly SweepCell[]
  readonly #options: SweepPoolOptions
  readonly #rows: (SweepRow | undefined)[]
  readonly #workers = new Set<Worker>()
  #next = 0
  #done = 0

  constructor(job: SweepJob, cells: readonly SweepCell[], options: SweepPoolOptions) {
    this.#job = job
    this.#cells = cells
    this.#options = options
    this.#rows = new Array<SweepRow | undefined>(cells.length)
  }

  async run(): Promise<readonly (SweepRow | undefined)[]> {
    const { threads, signal } = this.#options
    const count = Math.min(threads, this.#cells.length)
    const stop = (): void => this.#stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await Promise.all(Array.from({ length: count }, () => this.#thread()))
    } finally {
      signal.removeEventListener('abort', stop)
      this.#stop()
    }
    return this.#rows
  }

  #stop(): void {
    for (const worker of this.#workers) void worker.terminate()
  }

  /** One thread, which is sent the next cell whenever it has finished one. */
  async #thread(): Promise<void> {
    if (this.#options.signal.aborted) return
    const worker = new Worker(new URL('sweep-worker.js', import.meta.url), {
      workerData: this.#job,
      // No arguments: those of a user's process may load what a thread must not.
      execArgv: [],
      // What a strategy prints must not mix with the answer.
      stdout: true,
    })
    worker.stdout.pipe(process.stderr, { end: false })
    this.#workers.add(worker)
    await new Promise<void>((resolve, reject) => {
      const send = (): void => {
        const index = this.#next++
        if (index >= this.#cells.length) {
          resolve()
          return
        }
        const message = { index, cell: this.#cells[index]! }
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
        worker.postMessage(message)
      }
      worker.on('message', (answer: SweepAnswer) => {
        if ('failure' in answer) {
          reject(failed(this.#cells[answer.index]!, answer.failure))
          return
        }
        this.#rows[answer.index] = answer.row
        this.#options.onRow?.(answer.row, ++this.#done)
        send()
      })
      worker.on('error', reject)
      // After an abort or a failure elsewhere; a thread that ends on its own has said why.
      worker.on('exit', () => resolve())
      send()
    })
    this.#workers.delete(worker)
    await worker.terminate()
  }
}

function failed(
  cell: SweepCell,
  failure: { readonly code: string; readonly message: string; readonly context: ErrorContext },
): LobtraderError {
  const where = Object.entries(cell.labels)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
  const message = `the run with ${where} failed: ${failure.message}`
  return new LobtraderError(failure.code as ErrorCode, message, failure.context)
}
