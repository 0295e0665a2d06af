/** One run of a sweep, in whichever thread. */
import { Cerebro } from '../../engine/index.ts'
import { LobFeed, type LobFeedOptions, type SharedFeed } from '../../feed/index.ts'
import { runJson, type SweepRow } from '../../report/index.ts'
import { chooseStrategy, readParameters, type ChosenStrategy } from '../choose-strategy.ts'
import { readAccount } from '../account-options.ts'
import type { MarketName } from '../market-options.ts'
import { bookOptions, readVenues, type VenueModels } from '../venue-flags.ts'
import type { SweepCell } from './sweep-axes.ts'

/** What the runs of a sweep have in common; can be posted to a thread. */
export interface SweepJob {
  /** Rows that threads share, or the store that each streams from. */
  readonly feed: SharedFeed | { readonly store: string; readonly options: LobFeedOptions }
  /** As `--symbol` and `--venue` name it. */
  readonly market: MarketName
  /** A built-in strategy, or a file. */
  readonly strategy: string
  readonly cash: number | undefined
  readonly seed: number
}

/** Returns how the exchange of the sweep's instrument treats us in a cell. */
export function cellVenue({ venue }: SweepCell, market: MarketName): VenueModels {
  return readVenues([market], venue)(market)
}

/** Runs cells one after the other. */
export class SweepRunner {
  readonly #job: SweepJob
  readonly #feed: LobFeed
  readonly #strategy: ChosenStrategy

  private constructor(job: SweepJob, feed: LobFeed, strategy: ChosenStrategy) {
    this.#job = job
    this.#feed = feed
    this.#strategy = strategy
  }

  /** @throws LobtraderError as {@link LobFeed.open} and {@link chooseStrategy} */
  static async open(job: SweepJob): Promise<SweepRunner> {
    const { feed } = job
    const opened =
      'events' in feed ? LobFeed.fromShared(feed) : await LobFeed.open(feed.store, feed.options)
    return new SweepRunner(job, opened, await chooseStrategy(job.strategy))
  }

  /** Runs one cell exactly as `lobtrader backtest` with its texts would. */
  async run(cell: SweepCell): Promise<SweepRow> {
    const { cash, seed } = this.#job
    const { strategyClass, name } = this.#strategy
    const account = readAccount(cell.account, cash)
    const cerebro = new Cerebro({
      ...(cash === undefined ? {} : { cash }),
      ...(account === undefined ? {} : { account }),
    })
    const models = cellVenue(cell, this.#job.market)
    cerebro.addData(this.#feed, bookOptions(models, this.#feed.instrument))
    cerebro.addStrategy(strategyClass, readParameters(this.#strategy, cell.settings), name)
    const [result] = await cerebro.run({ seed, heatmap: false })
    const run = runJson(result!.record)
    return {
      params: cell.labels,
      runHash: run.runHash,
      net: run.pnl.net,
      fees: run.pnl.fees,
      sharpe: run.sharpe,
      maxDrawdown: run.maxDrawdown,
      makerShare: run.makerShare,
      orders: run.orders,
      fills: run.fills,
      position: result!.record.totals.position,
      seconds: run.seconds,
    }
  }
}
