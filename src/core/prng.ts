/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018), seeded through SplitMix32.
 *
 * One generator per (seed, stream), so that two parts of a run never share a sequence.
 */

/** A deterministic random stream. */
export class Prng {
  #a: number
  #b: number
  #c: number
  #d: number

  /**
   * @param seed   any integer; only its low 32 bits count
   * @param stream index of the independent stream under that seed
   */
  constructor(seed: number, stream = 0) {
    let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0
    const next = (): number => {
      const word = mix32(state)
      state = (state + 0x9e3779b9) >>> 0
      return word
    }
    this.#a = next()
    this.#b = next()
    this.#c = next()
    this.#d = next() | 1
  }

  /** Restores a generator from four 32-bit words, as the reference implementation does. */
  static fromState(a: number, b: number, c: number, d: number): Prng {
    const prng = new Prng(0)
    prng.#a = a
    prng.#b = b
    prng.#c = c
    prng.#d = d
    return prng
  }

  /**
   * Returns the generator that belongs to a key: equal keys give equal draws, whatever else was
   * drawn before. So one more draw elsewhere changes no other.
   *
   * @param words integers, each of which counts by its low 32 bits
   */
  static keyed(words: readonly number[]): Prng {
    const state: number[] = []
    for (let lane = 0; lane < 4; lane++) {
      let hash = mix32(Math.imul(lane + 1, 0x9e3779b9))
      for (const word of words) hash = mix32(Math.imul(hash, 31) + (word | 0))
      state.push(hash)
    }
    return Prng.fromState(state[0]!, state[1]!, state[2]!, state[3]! | 1)
  }

  /** Returns the next unsigned 32-bit integer. */
  nextUint32(): number {
    const product = Math.imul(this.#b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const t = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= t
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }

  /** Returns a double in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.nextUint32() >>> 5
    const low = this.nextUint32() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** Returns an integer in [0, bound). */
  nextInt(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  /** Returns an exponential variate with the given mean (inverse transform). */
  nextExponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }

  /** Returns a standard normal variate (Box & Muller 1958, one of the pair). */
  nextNormal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }

  /**
   * Returns a gamma variate of scale 1: Marsaglia & Tsang (2000), "A Simple Method for Generating
   * Gamma Variables", ACM TOMS 26(3), with their boost for shapes below 1 (section 6).
   */
  nextGamma(shape: number): number {
    const boost = shape < 1 ? (1 - this.next()) ** (1 / shape) : 1
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    while (true) {
      const x = this.nextNormal()
      const v = (1 + c * x) ** 3
      if (v <= 0) continue
      if (Math.log(1 - this.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) {
        return boost * d * v
      }
    }
  }
}

/** The finalizer of SplitMix32: every bit of the input moves every bit of the output. */
function mix32(value: number): number {
  let z = (value + 0x9e3779b9) >>> 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return (z ^ (z >>> 15)) >>> 0
}
