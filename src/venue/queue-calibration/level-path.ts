/**
 * What happened at the level of one resting order while it rested: the raw material from which a
 * queue model predicts a fill, and from which its exponent is fitted.
 */
import type { Side } from '../../market/index.ts'

/** What one step of a {@link LevelPath} says. */
export const PathStep = {
  /** `lots` traded at the order's price, against its side. */
  Trade: 1,
  /** The level fell from `before` to `lots`, of which `traded` is known from trades. */
  Decrease: 2,
  /** The market went through the order's price: whatever stood there is filled. */
  Through: 3,
} as const

/** One of {@link PathStep}. */
export type PathStep = (typeof PathStep)[keyof typeof PathStep]

/** Steps in order of time, as columns; lots never include the order's own. */
export interface LevelPath {
  readonly length: number
  readonly step: Uint8Array
  /** Integer ns since the epoch of the tape. */
  readonly time: Float64Array
  /** Running number of the message that the step belongs to. */
  readonly message: Float64Array
  readonly lots: Float64Array
  readonly before: Float64Array
  readonly traded: Float64Array
}

/** One resting order and what became of it. Times are ns since the epoch, on one clock. */
export interface QueueObservation {
  readonly side: Side
  readonly tick: number
  /** Lots that stood ahead of it when it came to rest. */
  readonly frontLots: number
  readonly acceptTime: number
  /** When its first lot was filled; else when it was cancelled, or lost sight of. */
  readonly endTime: number
  readonly isFilled: boolean
  /** Message of its end, numbered as those of the path. */
  readonly endMessage: number
  /** May go on behind the end of the order, for those who ask when a model would have filled it. */
  readonly path: LevelPath
}

/**
 * Writes a {@link LevelPath}. A level that grows, or falls by what traded, says nothing of the
 * queue: whatever comes stands behind us.
 */
export class LevelPathWriter {
  #level: number
  #traded = 0
  #length = 0
  #step = new Uint8Array(8)
  #numbers = new Float64Array(8 * 5)

  /** @param levelLots lots of the level when the order came to rest, without its own */
  constructor(levelLots: number) {
    this.#level = levelLots
  }

  get length(): number {
    return this.#length
  }

  /** Something traded at the order's price, against its side. */
  trade(time: number, message: number, lots: number): void {
    this.#traded += lots
    this.#push(PathStep.Trade, [time, message, lots, 0, 0])
  }

  /** The level now holds `lots`, without the order's own. */
  level(time: number, message: number, lots: number): void {
    const before = this.#level
    if (before - lots - this.#traded > 0) {
      this.#push(PathStep.Decrease, [time, message, lots, before, this.#traded])
    }
    this.#level = lots
    this.#traded = 0
  }

  /** The market went through the order's price. */
  through(time: number, message: number): void {
    this.#push(PathStep.Through, [time, message, 0, 0, 0])
  }

  /** Returns the path so far; the writer must not be used afterwards. */
  finish(): LevelPath {
    const length = this.#length
    const column = (k: number): Float64Array => {
      const values = new Float64Array(length)
      for (let i = 0; i < length; i++) values[i] = this.#numbers[i * 5 + k]!
      return values
    }
    return {
      length,
      step: this.#step.slice(0, length),
      time: column(0),
      message: column(1),
      lots: column(2),
      before: column(3),
      traded: column(4),
    }
  }

  #push(step: PathStep, numbers: readonly number[]): void {
    if (this.#length === this.#step.length) {
      const grownStep = new Uint8Array(this.#length * 2)
      const grownNumbers = new Float64Array(this.#length * 10)
      grownStep.set(this.#step)
      grownNumbers.set(this.#numbers)
      this.#step = grownStep
      this.#numbers = grownNumbers
    }
    this.#step[this.#length] = step
    this.#numbers.set(numbers, this.#length * 5)
    this.#length++
  }
}

/** The steps among which the end of an order lies: [from, to); none where it was not filled. */
export interface EndSteps {
  readonly from: number
  readonly to: number
}

/**
 * Returns where on its path an order ended.
 *
 * A step at the very time of a cancellation still counts as lived through: at equal time the market
 * comes before requests.
 *
 * @param toleranceNs how far the told time of a fill may be from that of the step that made it
 */
export function endSteps(observation: QueueObservation, toleranceNs = 0): EndSteps {
  const { path, endTime, isFilled } = observation
  const late = isFilled ? endTime + toleranceNs : endTime
  let to = 0
  while (to < path.length && path.time[to]! <= late) to++
  let from = to
  if (isFilled) while (from > 0 && path.time[from - 1]! >= endTime - toleranceNs) from--
  return { from, to }
}
