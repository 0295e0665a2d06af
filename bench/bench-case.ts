/** What one bench file hands to the harness of `run.ts`. */

/** A peer or baseline that does the same job. */
export interface BenchPeer {
  readonly name: string
  /** Runs once in this process and returns the figure in the unit of the case. */
  run?(): number | Promise<number>
  /** Runs twice in a process of its own and returns the figure of the second run. */
  measure?(): Promise<number>
}

/** One thing that is measured, made once, run several times. */
export interface BenchCase {
  readonly name: string
  /** Unit of what `run` returns, such as `M events/s`. */
  readonly unit: string
  /** True for sizes; elsewhere more is better. */
  readonly lowerIsBetter?: boolean
  /** What is measured, on what data, in one sentence. */
  readonly note: string
  /** Lines of a table that says more than one figure. */
  readonly details?: readonly string[]
  /** Runs once and returns the figure. */
  run(): number | Promise<number>
  readonly against?: BenchPeer
  /** More that does the same job, or a part of it, for comparison. */
  readonly beside?: readonly BenchPeer[]
  /** Compares what the job and its peers made, once all have run; lines for the table. */
  check?(): Promise<readonly string[]>
  /** Why there is no peer, where one could be had. */
  readonly peerMissing?: string
}

/** What the harness reports of one case. */
export interface BenchResult {
  readonly name: string
  readonly unit: string
  readonly lowerIsBetter: boolean
  readonly median: number
  readonly runs: readonly number[]
  /** Share of the core's best speed around each run, 0 to 1. */
  readonly core: readonly number[]
  /** Rounds that were taken again because the core was shared. */
  readonly repeated: number
  /** Loops a second of the gauge at its best. */
  readonly coreBest: number
  readonly against?: {
    readonly name: string
    readonly median: number
    readonly runs: readonly number[]
    readonly core: readonly number[]
  }
  readonly beside?: readonly {
    readonly name: string
    readonly median: number
    readonly runs: readonly number[]
    readonly core: readonly number[]
    readonly ratio: number
  }[]
  /** Median over the rounds of ours over that of `against`. */
  readonly ratio?: number
  readonly peerMissing?: string
  readonly note: string
  readonly details?: readonly string[]
  /** Largest resident memory of the process that ran the case, MB. */
  readonly peakMemoryMb: number
  readonly machine: string
}
