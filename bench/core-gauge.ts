/**
 * Tells how much of a core a run gets. On a shared host another guest's work on the same physical
 * core takes a third of it for seconds at a time, without any steal in `/proc/stat`: a figure taken
 * then says nothing of the code. The gauge is a loop without memory whose speed is known, run before
 * and after what is measured.
 */
import { HighPrecisionClock } from 'lobtrader/time'

/** Some 4 ms on a core of 2024. */
const LOOPS = 4_000_000
/** For how long one figure may wait for a whole core: others are to have their chance too. */
const WAIT_NS = 10_000_000_000n
/** A core that makes less than this of its best is shared. */
const WHOLE = 0.93

/** Independent chains of integer work, so that the width of the core counts and not its latency. */
function spin(loops: number): number {
  let a = 1
  let b = 2
  let c = 3
  let d = 4
  for (let i = 0; i < loops; i++) {
    a = (Math.imul(a, 5) + i) | 0
    b = ((b ^ i) + 1) | 0
    c = (c + i) | 0
    d = (d - (i ^ 5)) | 0
  }
  return (a + b + c + d) | 0
}

/** Compares the core's speed now with the best that was seen on this machine. */
export class CoreGauge {
  #best: number
  readonly #sum: number

  /** @param best loops a second that another process has seen, 0 for none */
  constructor(best = 0) {
    this.#best = best
    // Compiled before it counts.
    for (let i = 0; i < 20_000; i++) spin(100)
    this.#sum = spin(LOOPS)
  }

  /** The most loops a second that were seen. */
  get best(): number {
    return this.#best
  }

  /** Loops a second now. */
  measure(): number {
    const begin = HighPrecisionClock.monotonicNs()
    // A result that nobody compares would let the compiler drop the loop.
    if (spin(LOOPS) !== this.#sum) throw new Error('the gauge has made another sum than before')
    const speed = LOOPS / (Number(HighPrecisionClock.monotonicNs() - begin) / 1e9)
    if (speed > this.#best) this.#best = speed
    return speed
  }

  /** True when a speed is that of a core which nobody shares, by what is known by now. */
  isWhole(speed: number): boolean {
    return speed >= WHOLE * this.#best
  }

  /** Looks at the core for a while, to learn its best. */
  learn(ns: bigint): void {
    const end = HighPrecisionClock.monotonicNs() + ns
    do this.measure()
    while (HighPrecisionClock.monotonicNs() < end)
  }

  /** Returns once the core is whole, at the latest at `deadlineNs` by the monotonic clock. */
  wait(deadlineNs: bigint): void {
    // Two in a row: a neighbour that works in bursts is there still.
    for (let whole = 0; whole < 2 && HighPrecisionClock.monotonicNs() < deadlineNs;) {
      whole = this.isWhole(this.measure()) ? whole + 1 : 0
    }
  }
}

/** Figures of several parties, taken in turn: `rounds` lines of one figure for each party. */
export interface Rounds {
  /** By party, one for each round. */
  readonly values: readonly (readonly number[])[]
  /** Share of the core's best around each value, 0 to 1. */
  readonly shares: readonly (readonly number[])[]
  /** How many rounds were taken on a shared core and again. */
  readonly repeated: number
}

interface Round {
  readonly values: number[]
  /** By party the slower of before and after, loops a second. */
  readonly speeds: number[]
}

/**
 * Has each party make a figure, one after the other, round by round, so that all of them meet the
 * same minutes. Each is taken between two looks at the core, and rounds during which it was shared
 * are taken again as long as patience lasts; then the rounds of the least shared core stand in.
 *
 * @param times how many rounds are wanted
 * @param patienceNs for how long to wait and to repeat
 */
export async function inTurn(
  gauge: CoreGauge,
  times: number,
  patienceNs: bigint,
  parties: readonly (() => number | Promise<number>)[],
): Promise<Rounds> {
  const deadline = HighPrecisionClock.monotonicNs() + patienceNs
  const all: Round[] = []
  const slowest = ({ speeds }: Round): number => Math.min(...speeds)
  const isWhole = (round: Round): boolean => gauge.isWhole(slowest(round))
  do {
    const round: Round = { values: [], speeds: [] }
    for (const take of parties) {
      const patient = HighPrecisionClock.monotonicNs() + WAIT_NS
      gauge.wait(patient < deadline ? patient : deadline)
      const before = gauge.measure()
      round.values.push(await take())
      round.speeds.push(Math.min(before, gauge.measure()))
    }
    all.push(round)
  } while (
    all.length < times ||
    (all.filter(isWhole).length < times && HighPrecisionClock.monotonicNs() < deadline)
  )
  const shared = all.filter((round) => !isWhole(round)).sort((a, b) => slowest(b) - slowest(a))
  const taken = new Set([...all.filter(isWhole), ...shared].slice(0, times))
  // In the order in which they were taken.
  const kept = all.filter((round) => taken.has(round))
  return {
    values: parties.map((_, party) => kept.map(({ values }) => values[party]!)),
    shares: parties.map((_, party) => kept.map(({ speeds }) => speeds[party]! / gauge.best)),
    repeated: all.length - kept.length,
  }
}
