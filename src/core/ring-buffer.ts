/** A first-in-first-out queue of numbers in a typed array that grows by doubling. */
import { assert } from './errors.ts'

/** Keeps numbers in arrival order; push and shift are O(1) and allocate only when it grows. */
export class RingBuffer {
  #slots: Float64Array
  #head = 0
  #length = 0

  /** @param capacity first capacity, rounded up to a power of two */
  constructor(capacity = 16) {
    this.#slots = new Float64Array(2 ** Math.ceil(Math.log2(Math.max(2, capacity))))
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = value
    this.#length++
  }

  /** Removes and returns the oldest value. */
  shift(): number {
    assert(this.#length > 0, 'shift needs a value')
    const value = this.#slots[this.#head]!
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#length--
    return value
  }

  /** Returns the value `index` places behind the oldest one, 0 <= index < length. */
  at(index: number): number {
    assert(index >= 0 && index < this.#length, '0 <= index < length')
    return this.#slots[(this.#head + index) & (this.#slots.length - 1)]!
  }

  clear(): void {
    this.#head = 0
    this.#length = 0
  }

  #grow(): void {
    const grown = new Float64Array(this.#slots.length * 2)
    for (let i = 0; i < this.#length; i++) grown[i] = this.at(i)
    this.#slots = grown
    this.#head = 0
  }
}
