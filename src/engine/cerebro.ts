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
import { fundingSchedule, type FundingPoint, type FundingTime } from '../order/index.ts'
import {
  DEFAULT_EXCHANGE,
  constantLatency,
  fairPowerProbQueue,
  makerTakerFees,
  parseExchange,
  type ExchangeName,
  type ExchangeSetup,
  type FeeModel,
  type LatencyModel,
  type MakerTakerRates,
  type QueueModel,
  type RateLimit,
  type VenueRules,
} from '../venue/index.ts'
import type { AccountOptions } from './account-options.ts'
import type { Analyzer } from './analyzers/index.ts'
import { runBars } from './bar-session.ts'
import { runBooks, type FinishedRun } from './book-session.ts'
import type { FeedDelay } from './feed-delay.ts'
import type { FundingSource } from './funding-source.ts'
import { resolveParameters } from './parameters.ts'
import type { ProgressOption } from './progress.ts'
import type { LatencyByVenue } from './run-latency.ts'
import { RunResult, type ReportPort } from './run-result.ts'
import { FixedSize, type Sizer } from './sizer.ts'
import { strategySchema, type StrategyClass, type StrategyEntry } from './strategy.ts'

/** Options of a Cerebro. */
export interface CerebroOptions {
  /**
   * Starting cash in the settlement currency, or in the base currency of the account; default 0 on
   * books, 10,000 on bars.
   */
  readonly cash?: number
  /** On order books: margin, leverage, balances in several currencies. Default: no limits. */
  readonly account?: AccountOptions
}

/** How the exchange of a book feed treats us. */
export interface BookDataOptions {
  /** What strategies call the data; default: its symbol, with its venue where several have it. */
  readonly name?: string
  /** Default: none, requests and answers take no time. */
  readonly latency?: LatencyModel
  /** How many requests the venue takes in a time; all must be kept. Default: no limit. */
  readonly rateLimits?: readonly RateLimit[]
  /**
   * Added to the time at which each event reached us, when we are not where the data was recorded:
   * a duration, also one below 0 such as `-2ms`, or a delay. Default: as recorded.
   */
  readonly feedDelay?: FeedDelay | undefined
  /** What the venue refuses or keeps: tick table, sizes, price band, halts and more. Default: none. */
  readonly rules?: VenueRules
  /** Default: fair-power-prob:3. */
  readonly queue?: QueueModel
  /** Default: partial. */
  readonly exchange?: ExchangeName | ExchangeSetup
  /** Default: no fees. */
  readonly fees?: FeeModel | MakerTakerRates
  /**
   * Funding of a perpetual contract: `tape` (default) takes it from the data where these tell of it;
   * a list of times and rates, such as `parseFundingCsv` reads; `off`.
   */
  readonly funding?: 'tape' | 'off' | readonly (FundingTime | FundingPoint)[]
  /** At which open positions in a future are settled when it expires; default: the last mid. */
  readonly settlementPrice?: number
}

/** How a bar feed is traded. */
export interface BarDataOptions {
  /** What strategies call the data; default: its symbol. */
  readonly name?: string
  /** Default: none. */
  readonly fees?: FeeModel | MakerTakerRates
  /** Default: a stock in cents and whole shares. */
  readonly instrument?: InstrumentSpec
}

/** What may be told of a strategy beside its parameters. */
export interface StrategyOptions {
  /** Default: the name of its class. */
  readonly name?: string
  /**
   * How its own messages travel, by venue, symbol or `venue:symbol`; default: as those of everybody,
   * which `addData` was told.
   */
  readonly latency?: LatencyByVenue
}

/** Options of one run. */
export interface RunOptions {
  readonly progress?: ProgressOption
  /** Decides everything random in the run; default 0. */
  readonly seed?: number
  /** Keep the depth of the book for the report's heatmap; default true. */
  readonly heatmap?: boolean
}

interface FedBook {
  readonly feed: LobFeed
  readonly options: BookDataOptions
}

interface FedBars {
  readonly feed: BarFeed
  readonly options: BarDataOptions
}

const LONGEST_SAMPLE_NS = 1e9

/** @see module comment */
export class Cerebro {
  readonly #cash: number | undefined
  readonly #account: AccountOptions | undefined
  readonly #strategies: StrategyEntry[] = []
  readonly #analyzers: (() => Analyzer<unknown>)[] = []
  readonly #books: FedBook[] = []
  #bars: FedBars | undefined
  #sizer: Sizer = new FixedSize()
  /** Writes reports of results; the package's own Cerebro brings one. */
  protected readonly reports: ReportPort | undefined = undefined

  /** @throws LobtraderError BAD_ARGUMENT when the cash is not a finite number */
  constructor(options: CerebroOptions = {}) {
    if (options.cash !== undefined && !Number.isFinite(options.cash)) {
      throw new LobtraderError('BAD_ARGUMENT', `cash must be a finite number, was ${options.cash}`)
    }
    this.#cash = options.cash
    this.#account = options.account
  }

  /**
   * Adds data: a book feed with how its exchange treats us, of which a run may have many, each of
   * another instrument; or bars; or ticks, each of which is a bar with the touch that it met.
   *
   * @throws LobtraderError UNSUPPORTED when there are bars already, or bars come to books;
   *   BAD_ARGUMENT when a name is taken; TOO_FEW_ROWS without a tick
   */
  addData(feed: LobFeed, options?: BookDataOptions): void
  addData(feed: BarFeed | TickFeed, options?: BarDataOptions): void
  addData(
    feed: LobFeed | BarFeed | TickFeed,
    options: BookDataOptions | BarDataOptions = {},
  ): void {
    const isBook = feed.kind === 'lob'
    if (this.#bars !== undefined || (!isBook && this.#books.length > 0)) {
      throw new LobtraderError(
        'UNSUPPORTED',
        'this version runs many order books in a Cerebro, or one feed of bars, not both',
      )
    }
    if (!isBook) {
      const bars = feed.kind === 'ticks' ? feed.bars({ by: 'tick' }) : feed
      this.#bars = { feed: bars, options: options as BarDataOptions }
      return
    }
    const { name } = options
    if (name !== undefined && this.#books.some((each) => each.options.name === name)) {
      throw new LobtraderError('BAD_ARGUMENT', `data called "${name}" was added already`, { name })
    }
    this.#books.push({ feed, options: options as BookDataOptions })
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
   * Adds a strategy. All strategies of a Cerebro trade in one run, each with an account of its own;
   * at the exchange of an instrument they meet.
   *
   * @param given a name, or options
   * @throws LobtraderError UNKNOWN_PARAMETER or BAD_PARAMETER
   */
  addStrategy<P extends object>(
    strategy: StrategyClass<P>,
    parameters?: NoInfer<Partial<P>>,
    given: string | StrategyOptions = {},
  ): void {
    const { name = strategy.name, latency } = typeof given === 'string' ? { name: given } : given
    const schema: z.ZodObject = strategySchema(strategy)
    this.#strategies.push({
      strategyClass: strategy as StrategyClass,
      name,
      parameters: resolveParameters(schema, { ...parameters }, name),
      latency,
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
   * Runs the strategies and returns a result for each, in the order in which they were added.
   *
   * @throws LobtraderError BAD_ARGUMENT when data or strategies are missing, or as {@link runBooks}
   */
  async run(options: RunOptions = {}): Promise<RunResult[]> {
    if (this.#bars === undefined && this.#books.length === 0) {
      throw new LobtraderError('BAD_ARGUMENT', 'a Cerebro needs data: call addData first')
    }
    if (this.#strategies.length === 0) {
      throw new LobtraderError('BAD_ARGUMENT', 'a Cerebro needs a strategy: call addStrategy first')
    }
    const analyzers = this.#strategies.map(() => this.#analyzers.map((make) => make()))
    const finished =
      this.#bars === undefined
        ? this.#runBooks(options, sampleNs(analyzers[0]!))
        : this.#runBars(options, this.#bars)
    return finished.map(
      ({ record, strategy }, i) =>
        new RunResult({ record, strategy, analyzers: analyzers[i]!, reports: this.reports }),
    )
  }

  #runBooks(options: RunOptions, sampleEveryNs: number): readonly FinishedRun[] {
    return runBooks({
      feeds: this.#books.map(({ feed, options: given }) => ({
        feed,
        name: given.name,
        feedDelay: given.feedDelay,
        latency: given.latency ?? constantLatency({ entry: 0, response: 0 }),
        rateLimits: given.rateLimits ?? [],
        rules: given.rules,
        queue: given.queue ?? fairPowerProbQueue(3),
        exchange: exchangeOf(given.exchange),
        fees: feesOf(given.fees),
        funding: fundingOf(given.funding),
        settlementPrice: given.settlementPrice,
      })),
      strategies: this.#strategies,
      cash: this.#cash ?? 0,
      account: this.#account,
      sampleNs: sampleEveryNs,
      sizer: this.#sizer,
      seed: options.seed ?? 0,
      progress: options.progress ?? false,
      heatmap: options.heatmap ?? true,
    })
  }

  /** Bars have no exchange at which strategies could meet: one runs after the other. */
  #runBars(options: RunOptions, { feed, options: given }: FedBars): readonly FinishedRun[] {
    if (this.#account !== undefined) {
      throw new LobtraderError(
        'UNSUPPORTED',
        'an account with margin needs order books; bars take cash only',
      )
    }
    return this.#strategies.map((entry) =>
      runBars({
        entry,
        sizer: this.#sizer,
        seed: options.seed ?? 0,
        progress: options.progress ?? false,
        feed,
        name: given.name,
        fees: feesOf(given.fees),
        cash: this.#cash ?? 10_000,
        instrument: given.instrument,
      }),
    )
  }
}

function exchangeOf(exchange: string | ExchangeSetup = DEFAULT_EXCHANGE): ExchangeSetup {
  return typeof exchange === 'string' ? parseExchange(exchange) : exchange
}

function feesOf(fees: FeeModel | MakerTakerRates | undefined): FeeModel {
  if (fees === undefined) return makerTakerFees({ makerBps: 0, takerBps: 0 })
  return 'meter' in fees ? fees : makerTakerFees(fees)
}

function fundingOf(given: BookDataOptions['funding'] = 'tape'): FundingSource {
  if (typeof given === 'string') return given
  return fundingSchedule(
    given.map((each) =>
      'timeNs' in each
        ? { ...each, time: each.timeNs, mark: Number.isNaN(each.mark) ? undefined : each.mark }
        : each,
    ),
  )
}

function sampleNs(analyzers: readonly Analyzer<unknown>[]): number {
  return Math.min(
    LONGEST_SAMPLE_NS,
    ...analyzers.map((analyzer) => analyzer.sampleEveryNs ?? LONGEST_SAMPLE_NS),
  )
}
