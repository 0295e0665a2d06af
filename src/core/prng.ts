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
      state = (state + 0x9e3779b9) >>> 0
      let z = state
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      return (z ^ (z >>> 15)) >>> 0
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
}
