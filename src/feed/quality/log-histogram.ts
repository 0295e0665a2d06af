/**
 * A histogram of times with buckets that widen with the distance from the first value.
 *
 * Distances are kept to 1 part in 64, so that a latency that lies at -1.27 s because a clock is
 * wrong is still resolved to microseconds around its usual value. The idea of log-linear buckets
 * is that of Gil Tene's HdrHistogram.
 */
const SUB = 64
const SUB_BITS = 6
/** Largest exponent of two that is told apart; 2^53 ns are 104 days. */
const EXPONENT_MAX = 56

/** Counts integers; no value is refused, none allocates. */
export class LogHistogram {
  count = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  /** The first value: distances are counted from here. */
  #base = 0
  /** Buckets by distance, as many as were needed so far. */
  #above: Float64Array = new Float64Array(SUB)
  #below: Float64Array = new Float64Array(SUB)

  /** Counts one value. @param value an integer, |value| < 2^53 */
  note(value: number): void {
    if (this.count === 0) this.#base = value
    this.count++
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    const distance = value - this.#base
    this.#count(distance, 1)
  }

  /** Adds what another histogram has counted, each bucket at its middle. */
  add(other: LogHistogram): void {
    if (other.count === 0) return
    const { min, max } = other
    const before = this.count
    if (before === 0) this.#base = other.#base
    other.#each((middle, count) => {
      this.#count(middle - this.#base, count)
    })
    this.count = before + other.count
    this.min = Math.min(this.min, min)
    this.max = Math.max(this.max, max)
  }

  /**
   * Returns the value that a share of all values does not exceed; NaN without values.
   *
   * @param share 0 .. 1; 0 and 1 give the exact least and greatest value
   */
  quantile(share: number): number {
    if (this.count === 0) return Number.NaN
    if (share <= 0) return this.min
    if (share >= 1) return this.max
    const rank = share * this.count
    let seen = 0
    let found = this.max
    this.#each((middle, count) => {
      if (seen < rank && seen + count >= rank) found = middle
      seen += count
    })
    return Math.min(this.max, Math.max(this.min, found))
  }

  /** Returns how many values lie in each of `bins` equal parts of [from, to); the rest is left out. */
  bins(from: number, to: number, bins: number): Float64Array {
    const counts = new Float64Array(bins)
    const width = (to - from) / bins
    this.#each((_, count, low, high) => {
      // A bucket wider than a bin is spread over the bins that it covers.
      const first = Math.floor((low - from) / width)
      const last = Math.floor((high - from) / width)
      for (let bin = Math.max(0, first); bin <= Math.min(bins - 1, last); bin++) {
        const left = Math.max(low, from + bin * width)
        const right = Math.min(high, from + (bin + 1) * width)
        counts[bin]! += high > low ? (count * Math.max(0, right - left)) / (high - low) : count
      }
    })
    return counts
  }

  #count(distance: number, count: number): void {
    if (distance >= 0) {
      const bucket = bucketOf(distance)
      if (bucket >= this.#above.length) this.#above = withBucket(this.#above, bucket)
      this.#above[bucket]! += count
    } else {
      const bucket = bucketOf(-distance)
      if (bucket >= this.#below.length) this.#below = withBucket(this.#below, bucket)
      this.#below[bucket]! += count
    }
  }

  /** Visits the buckets in order of their values. */
  #each(visit: (middle: number, count: number, low: number, high: number) => void): void {
    for (let i = this.#below.length - 1; i >= 0; i--) {
      const count = this.#below[i]!
      if (count === 0) continue
      const [low, high] = boundsOf(i)
      visit(this.#base - (low + high - 1) / 2, count, this.#base - high + 1, this.#base - low + 1)
    }
    for (let i = 0; i < this.#above.length; i++) {
      const count = this.#above[i]!
      if (count === 0) continue
      const [low, high] = boundsOf(i)
      visit(this.#base + (low + high - 1) / 2, count, this.#base + low, this.#base + high)
    }
  }
}

/** Returns the counts with room for a bucket and for as many again. */
function withBucket(counts: Float64Array, bucket: number): Float64Array {
  let room = counts.length * 2
  while (room <= bucket) room *= 2
  const grown = new Float64Array(room)
  grown.set(counts)
  return grown
}

function bucketOf(distance: number): number {
  if (distance < SUB) return distance
  const high = Math.floor(distance / 2 ** 32)
  const exponent = Math.min(
    EXPONENT_MAX,
    high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(distance),
  )
  const step = 2 ** (exponent - SUB_BITS)
  return (exponent - SUB_BITS) * SUB + Math.min(2 * SUB - 1, Math.floor(distance / step))
}

/** Returns the least distance of a bucket and that of the next. */
function boundsOf(bucket: number): readonly [number, number] {
  if (bucket < SUB) return [bucket, bucket + 1]
  const octave = Math.floor(bucket / SUB) - 1
  const step = 2 ** octave
  const low = ((bucket % SUB) + SUB) * step
  return [low, low + step]
}
