/** What a run over order books is made of. */
import type { LatencyModel } from '../venue/index.ts'
import type { AccountSettings } from './account-options.ts'
import type { LaneOptions } from './market-lane.ts'
import type { Sizer } from './sizer.ts'
import type { StrategyEntry } from './strategy.ts'

/** A strategy of a run. */
export interface RunStrategy {
  readonly entry: StrategyEntry
  /** Which of the streams of random numbers under the seed is its own. */
  readonly randomStream: number
  /** How its messages to each exchange travel, by lane. */
  readonly latencies: readonly LatencyModel[]
}

/** What a book run is made of. */
export interface BookRunOptions {
  readonly epochNs: bigint
  /** In order of `venue:symbol`; the data of a lane say in which order they were added. */
  readonly lanes: readonly LaneOptions[]
  /** In order of ties. */
  readonly strategies: readonly RunStrategy[]
  /** Trades from this local time on, ns since the epoch; earlier rows only build the books. */
  readonly fromTime: number
  readonly toTime: number
  readonly startingCash: number
  readonly account: AccountSettings
  readonly sampleNs: number
  readonly seed: number
  readonly sizer: Sizer
}
