/** Trades that came twice and trade ids that never came. */

/** Trades to remember, a power of two. */
const REMEMBERED = 1 << 13
const MASK = REMEMBERED - 1
/** Where ids are a count, nearly all follow the one before; where they are not, hardly any do. */
const DENSE_SHARE_MIN = 0.9

/** Watches the ids of one instrument's trades; remembers the last thousands. */
export class TradeIds {
  /** Trades that have an id. */
  count = 0
  /** The same id with the same time, price, size and side as one not long before. */
  #repeated = 0
  /** The same id with something else in it: then ids do not name trades. */
  #shared = 0
  #following = 0
  #missing = 0
  #lastId = 0
  readonly #ids = new Float64Array(REMEMBERED)
  readonly #times = new Float64Array(REMEMBERED)
  readonly #lots = new Float64Array(REMEMBERED)
  readonly #ticks = new Int32Array(REMEMBERED)
  readonly #codes = new Uint8Array(REMEMBERED)

  /** Notes a trade. @param id 0 where the venue gives none */
  note(id: number, exchTime: number, code: number, tick: number, lots: number): void {
    if (id <= 0) return
    this.count++
    const slot = (id % REMEMBERED) & MASK
    if (this.#ids[slot] === id) {
      const isSame =
        this.#times[slot] === exchTime &&
        this.#ticks[slot] === tick &&
        this.#lots[slot] === lots &&
        this.#codes[slot] === code
      if (isSame) this.#repeated++
      else this.#shared++
    }
    this.#ids[slot] = id
    this.#times[slot] = exchTime
    this.#ticks[slot] = tick
    this.#lots[slot] = lots
    this.#codes[slot] = code
    if (id > this.#lastId) {
      if (id === this.#lastId + 1) this.#following++
      else if (this.#lastId > 0) this.#missing += id - this.#lastId - 1
      this.#lastId = id
    }
  }

  /** Trades that came twice; 0 where ids do not name single trades. */
  get repeated(): number {
    return this.#shared > this.#repeated ? 0 : this.#repeated
  }

  /** Ids left out between those seen; 0 where ids are no count of the instrument's trades. */
  get missing(): number {
    const isDense = this.#following >= DENSE_SHARE_MIN * (this.count - this.#repeated - 1)
    return isDense && this.#shared === 0 ? this.#missing : 0
  }
}
