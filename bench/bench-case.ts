/** What one bench file hands to the harness of `run.ts`. */

/** One thing that is measured, made once, run several times. */
export interface BenchCase {
  readonly name: string
  /** Unit of what `run` returns, such as `M events/s`; more is better. */
  readonly unit: string
  /** What is measured, on what data, in one sentence. */
  readonly note: string
  /** Runs once and returns the throughput. */
  run(): number | Promise<number>
  /** A peer or baseline that does the same job in the same process. */
  readonly against?: {
    readonly name: string
    run(): number | Promise<number>
  }
}

/** What the harness reports of one case. */
export interface BenchResult {
  readonly name: string
  readonly unit: string
  readonly median: number
  readonly runs: readonly number[]
  readonly against?: {
    readonly name: string
    readonly median: number
    readonly runs: readonly number[]
  }
  /** `median` over that of `against`. */
  readonly ratio?: number
  readonly note: string
  /** Largest resident memory of the process that ran the case, MB. */
  readonly peakMemoryMb: number
  readonly machine: string
}
