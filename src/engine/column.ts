/** A column of doubles whose length is not known beforehand. */

/** A column of doubles that grows by doubling. */
export class Column {
  #values = new Float64Array(256)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length++] = value
  }

  /** Forgets the values, keeps the memory. */
  clear(): void {
    this.#length = 0
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length)
  }
}
