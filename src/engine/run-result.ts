/** The result of one strategy's run. */
import { LobtraderError } from '../core/index.ts'
import type { Analyzer } from './analyzers/index.ts'
import type { RunRecord } from './run-record.ts'
import type { Strategy } from './strategy.ts'

/** Where a report was written. */
export interface ReportFiles {
  readonly html: string
  readonly json: string
  readonly orders: string
  readonly fills: string
}

/** Turns a record into what people read; lives in a layer above the engine. */
export interface ReportPort {
  summary(record: RunRecord): string
  write(record: RunRecord, dir: string): Promise<ReportFiles>
}

/** A finished run: its record, its strategy, what the analyzers found. */
export class RunResult {
  readonly record: RunRecord
  readonly strategy: Strategy
  readonly #analyses: ReadonlyMap<unknown, unknown>
  readonly #reports: ReportPort | undefined

  constructor(given: {
    readonly record: RunRecord
    readonly strategy: Strategy
    readonly analyzers: readonly Analyzer<unknown>[]
    readonly reports: ReportPort | undefined
  }) {
    this.record = given.record
    this.strategy = given.strategy
    this.#reports = given.reports
    this.#analyses = new Map(
      given.analyzers.map((analyzer) => [analyzer.constructor, analyzer.analyze(given.record)]),
    )
  }

  /** 32 hexadecimal digits that equal those of any run with the same input and output. */
  get runHash(): string {
    return this.record.runHash
  }

  /**
   * Returns what an analyzer of this class found.
   *
   * @throws LobtraderError BAD_ARGUMENT when none was added
   */
  analysis<R>(analyzer: new (...options: never[]) => Analyzer<R>): R {
    if (!this.#analyses.has(analyzer)) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `no ${analyzer.name} was added: call cerebro.addAnalyzer(${analyzer.name}) before run`,
      )
    }
    return this.#analyses.get(analyzer) as R
  }

  /** Returns a table for a terminal. */
  summary(): string {
    return this.#port().summary(this.record)
  }

  /** Writes one self-contained page, run.json, orders.csv and fills.csv into a folder. */
  report(dir: string): Promise<ReportFiles> {
    return this.#port().write(this.record, dir)
  }

  #port(): ReportPort {
    if (this.#reports === undefined) {
      throw new LobtraderError(
        'UNSUPPORTED',
        'this Cerebro comes from lobtrader/engine and has no reports; import it from lobtrader',
      )
    }
    return this.#reports
  }
}
