/** What every analyzer is. */
import type { RunRecord } from '../run-record.ts'

/** Computes one result from the record of a finished run. */
export abstract class Analyzer<Result> {
  /** Name of the result in machine-readable output. */
  static readonly key: string = 'analyzer'
  /** Sampling interval of the account that this analyzer wants, in ns; undefined: any. */
  readonly sampleEveryNs: number | undefined = undefined

  /** Returns the result; never NaN: what cannot be computed is `null`. */
  abstract analyze(run: RunRecord): Result
}
