/**
 * Cerebro: takes data, strategies and analyzers, runs them, gives results.
 */
import type { z } from 'zod'
import { LobtraderError } from '../core/index.ts'
import {
  resample,
  type BarFeed,
  type LobFeed,
  type ResampleOptions,
  type TickFeed,
} from '../feed/index.ts'
import type { InstrumentSpec } from '../market/index.ts'
import {
  constantLatency,
  makerTakerFees,
  parseExchange,
  powerProbQueue,
  type ExchangeName,
  type ExchangeSetup,
  type FeeModel,
  type LatencyModel,
  type MakerTakerRates,
  type QueueModel,
  type RateLimit,
} from '../venue/index.ts'
import type { Analyzer } from './analyzers/index.ts'
import { runBars } from './bar-session.ts'
import { runBook } from './book-session.ts'
import { delayedFeed, type FeedDelay } from './feed-delay.ts'
import { resolveParameters } from './parameters.ts'
import type { ProgressOption } from './progress.ts'
import { RunResult, type ReportPort } from './run-result.ts'
import { FixedSize, type Sizer } from './sizer.ts'
import { strategySchema, type StrategyClass, type StrategyEntry } from './strategy.ts'

/** Options of a Cerebro. */
export interface CerebroOptions {
  /** Starting cash in the settlement currency; default 0 on books, 10,000 on bars. */
  readonly cash?: number
}

/** How the exchange of a book feed treats us. */
export interface BookDataOptions {
  /** Default: none, requests and answers take no time. */
  readonly latency?: LatencyModel
  /** How many requests the venue takes in a time; all must be kept. Default: no limit. */
  readonly rateLimits?: readonly RateLimit[]
  /**
   * Added to the time at which each event reached us, when we are not where the data was recorded:
   * a duration, also one below 0 such as `-2ms`, or a delay. Default: as recorded.
   */
  readonly feedDelay?: FeedDelay | undefined
  /** Default: power-prob:3. */
  readonly queue?: QueueModel
  /** Default: no-partial. */
  readonly exchange?: ExchangeName | ExchangeSetup
  /** Default: no fees. */
  readonly fees?: FeeModel | MakerTakerRates
}

/** How a bar feed is traded. */
export interface BarDataOptions {
  /** Default: none. */
  readonly fees?: FeeModel | MakerTakerRates
  /** Default: a stock in cents and whole shares. */
  readonly instrument?: InstrumentSpec
}

/** Options of one run. */
export interface RunOptions {
  readonly progress?: ProgressOption
  /** Decides everything random in the run; default 0. */
  readonly seed?: number
  /** Keep the depth of the book for the report's heatmap; default true. */
  readonly heatmap?: boolean
}

type Fed =
  | { readonly kind: 'lob'; readonly feed: LobFeed; readonly options: BookDataOptions }
  | { readonly kind: 'bars'; readonly feed: BarFeed; readonly options: BarDataOptions }

const LONGEST_SAMPLE_NS = 1e9

/** @see module comment */
export class Cerebro {
  readonly #cash: number | undefined
  readonly #strategies: StrategyEntry[] = []
  readonly #analyzers: (() => Analyzer<unknown>)[] = []
  #fed: Fed | undefined
  #sizer: Sizer = new FixedSize()
  /** Writes reports of results; the package's own Cerebro brings one. */
  protected readonly reports: ReportPort | undefined = undefined

  /** @throws LobtraderError BAD_ARGUMENT when the cash is not a finite number */
  constructor(options: CerebroOptions = {}) {
    if (options.cash !== undefined && !Number.isFinite(options.cash)) {
      throw new LobtraderError('BAD_ARGUMENT', `cash must be a finite number, was ${options.cash}`)
    }
    this.#cash = options.cash
  }

  /**
   * Adds the data of the run: a book feed with how its exchange treats us, bars, or ticks, each of
   * which is a bar with the touch that it met.
   *
   * @throws LobtraderError UNSUPPORTED when there is data already, TOO_FEW_ROWS without a tick
   */
  addData(feed: LobFeed, options?: BookDataOptions): void
  addData(feed: BarFeed | TickFeed, options?: BarDataOptions): void
  addData(
    feed: LobFeed | BarFeed | TickFeed,
    options: BookDataOptions | BarDataOptions = {},
  ): void {
    if (this.#fed !== undefined) {
      throw new LobtraderError('UNSUPPORTED', 'this version runs one data feed in a Cerebro')
    }
    this.#fed =
      feed.kind === 'lob'
        ? { kind: 'lob', feed, options: options as BookDataOptions }
        : {
            kind: 'bars',
            feed: feed.kind === 'ticks' ? feed.bars({ by: 'tick' }) : feed,
            options: options as BarDataOptions,
          }
  }

  /**
   * Adds the data of the run as bars of a coarser timeframe: `{ timeframe: 'minutes', compression: 5 }`.
   *
   * @throws LobtraderError as {@link resample} and {@link Cerebro.addData}
   */
  resampleData(
    feed: LobFeed | TickFeed | BarFeed,
    to: ResampleOptions,
    options: BarDataOptions = {},
  ): void {
    this.addData(resample(feed, to), options)
  }

  /**
   * Adds a strategy. Several strategies each run over the same data with an account of their own.
   *
   * @throws LobtraderError UNKNOWN_PARAMETER or BAD_PARAMETER
   */
  addStrategy<P extends object>(
    strategy: StrategyClass<P>,
    parameters?: NoInfer<Partial<P>>,
    name = strategy.name,
  ): void {
    const schema: z.ZodObject = strategySchema(strategy)
    this.#strategies.push({
      strategyClass: strategy as StrategyClass,
      name,
      parameters: resolveParameters(schema, { ...parameters }, name),
    })
  }

  /** Adds an analyzer; read its result with `result.analysis(Class)`. */
  addAnalyzer<R, O>(analyzer: new (options?: O) => Analyzer<R>, options?: NoInfer<O>): void {
    const make = (): Analyzer<unknown> => new analyzer(options)
    // Wrong options must fail here, not at the end of a long run.
    make()
    this.#analyzers.push(make)
  }

  /** Sets what decides the size of orders that do not say one; default: 1. */
  addSizer<O>(sizer: new (options?: O) => Sizer, options?: NoInfer<O>): void {
    this.#sizer = new sizer(options)
  }

  /**
   * Runs every strategy and returns a result for each, in order.
   *
   * @throws LobtraderError BAD_ARGUMENT when data or strategies are missing
   */
  async run(options: RunOptions = {}): Promise<RunResult[]> {
    const fed = this.#fed
    if (fed === undefined) {
      throw new LobtraderError('BAD_ARGUMENT', 'a Cerebro needs data: call addData first')
    }
    if (this.#strategies.length === 0) {
      throw new LobtraderError('BAD_ARGUMENT', 'a Cerebro needs a strategy: call addStrategy first')
    }
    const results: RunResult[] = []
    for (const entry of this.#strategies) {
      const analyzers = this.#analyzers.map((make) => make())
      const common = {
        entry,
        sizer: this.#sizer,
        seed: options.seed ?? 0,
        progress: options.progress ?? false,
      }
      const { record, strategy } =
        fed.kind === 'lob'
          ? runBook({
              ...common,
              feed: delayedFeed(fed.feed, fed.options.feedDelay, { seed: common.seed, stream: 0 }),
              latency: fed.options.latency ?? constantLatency({ entry: 0, response: 0 }),
              rateLimits: fed.options.rateLimits ?? [],
              queue: fed.options.queue ?? powerProbQueue(3),
              exchange: exchangeOf(fed.options.exchange),
              fees: feesOf(fed.options.fees),
              cash: this.#cash ?? 0,
              sampleNs: sampleNs(analyzers),
              heatmap: options.heatmap ?? true,
            })
          : runBars({
              ...common,
              feed: fed.feed,
              fees: feesOf(fed.options.fees),
              cash: this.#cash ?? 10_000,
              instrument: fed.options.instrument,
            })
      results.push(new RunResult({ record, strategy, analyzers, reports: this.reports }))
    }
    return results
  }
}

function exchangeOf(exchange: string | ExchangeSetup = 'no-partial'): ExchangeSetup {
  return typeof exchange === 'string' ? parseExchange(exchange) : exchange
}

function feesOf(fees: FeeModel | MakerTakerRates | undefined): FeeModel {
  if (fees === undefined) return makerTakerFees({ makerBps: 0, takerBps: 0 })
  return 'meter' in fees ? fees : makerTakerFees(fees)
}

function sampleNs(analyzers: readonly Analyzer<unknown>[]): number {
  return Math.min(
    LONGEST_SAMPLE_NS,
    ...analyzers.map((analyzer) => analyzer.sampleEveryNs ?? LONGEST_SAMPLE_NS),
  )
}
