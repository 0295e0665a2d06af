/** The least, mean and greatest feed latency through time, in bounded memory. */

/** Windows to keep; when time outgrows them, their width doubles. */
export const WINDOWS_MAX = 1024
const WIDTH_START_NS = 2 ** 20

/** One window that holds messages; times in ns since the epoch of the meter. */
export interface ClockWindow {
  /** When the message of least latency was received. */
  readonly time: number
  readonly min: number
  readonly mean: number
  readonly max: number
  readonly count: number
}

/** Latencies by windows of equal length of receive time. */
export class ClockWindows {
  count = 0
  #origin = 0
  #width = WIDTH_START_NS
  readonly #min = new Float64Array(WINDOWS_MAX)
  readonly #minTime = new Float64Array(WINDOWS_MAX)
  readonly #sum = new Float64Array(WINDOWS_MAX)
  readonly #max = new Float64Array(WINDOWS_MAX)
  readonly #count = new Float64Array(WINDOWS_MAX)

  /** Length of a window. */
  get widthNs(): number {
    return this.#width
  }

  /** Notes messages. @param time receive time, not below that of the first call */
  note(time: number, latency: number, messages = 1): void {
    if (this.count === 0) this.#origin = time
    this.count += messages
    let window = Math.floor((time - this.#origin) / this.#width)
    while (window >= WINDOWS_MAX) {
      this.#halve()
      window = Math.floor((time - this.#origin) / this.#width)
    }
    if (window < 0) window = 0
    const count = this.#count[window]!
    if (count === 0 || latency < this.#min[window]!) {
      this.#min[window] = latency
      this.#minTime[window] = time
    }
    if (count === 0 || latency > this.#max[window]!) this.#max[window] = latency
    this.#sum[window]! += latency * messages
    this.#count[window] = count + messages
  }

  /** Returns the windows that hold messages, in order of time. */
  windows(): ClockWindow[] {
    const found: ClockWindow[] = []
    for (let i = 0; i < WINDOWS_MAX; i++) {
      const count = this.#count[i]!
      if (count === 0) continue
      found.push({
        time: this.#minTime[i]!,
        min: this.#min[i]!,
        mean: this.#sum[i]! / count,
        max: this.#max[i]!,
        count,
      })
    }
    return found
  }

  /** Joins pairs of windows, so that half of them are free. */
  #halve(): void {
    this.#width *= 2
    for (let i = 0; i < WINDOWS_MAX; i++) {
      const from = 2 * i
      const hasTwo = from < WINDOWS_MAX
      const a = hasTwo ? this.#count[from]! : 0
      const b = hasTwo ? this.#count[from + 1]! : 0
      if (a + b > 0) {
        const isFirst = b === 0 || (a > 0 && this.#min[from]! <= this.#min[from + 1]!)
        const least = isFirst ? from : from + 1
        const isGreatest = b === 0 || (a > 0 && this.#max[from]! >= this.#max[from + 1]!)
        this.#max[i] = this.#max[isGreatest ? from : from + 1]!
        this.#min[i] = this.#min[least]!
        this.#minTime[i] = this.#minTime[least]!
        this.#sum[i] = (a > 0 ? this.#sum[from]! : 0) + (b > 0 ? this.#sum[from + 1]! : 0)
      } else this.#sum[i] = 0
      this.#count[i] = a + b
    }
  }
}

/** Returns the windows of several inputs that one clock has stamped as windows of one. */
export function joinedWindows(parts: readonly ClockWindows[]): ClockWindows {
  if (parts.length === 1) return parts[0]!
  const joined = new ClockWindows()
  const windows = parts.flatMap((part) => part.windows())
  windows.sort((a, b) => a.time - b.time)
  for (const { time, min, count } of windows) joined.note(time, min, count)
  return joined
}
