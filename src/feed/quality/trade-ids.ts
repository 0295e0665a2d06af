/** Trades that came twice and trade ids that never came. */

/** Trades to remember, a power of two. */
const REMEMBERED = 1 << 13
const REMEMBERED_FIRST = 1 << 6
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
  /** By the last bits of the id; 0 where there is none. */
  #ids = new Float64Array(REMEMBERED_FIRST)
  #times = new Float64Array(REMEMBERED_FIRST)
  #lots = new Float64Array(REMEMBERED_FIRST)
  #ticks = new Int32Array(REMEMBERED_FIRST)
  #codes = new Uint8Array(REMEMBERED_FIRST)

  /** Notes a trade. @param id 0 where the venue gives none */
  note(id: number, exchTime: number, code: number, tick: number, lots: number): void {
    if (id <= 0) return
    this.count++
    const slot = this.#slotFor(id)
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

  /** Where an id belongs: in place of another only where all the room there may be is in use. */
  #slotFor(id: number): number {
    const place = (id % REMEMBERED) | 0
    for (;;) {
      const slot = place & (this.#ids.length - 1)
      const held = this.#ids[slot]!
      if (held === 0 || held === id || this.#ids.length === REMEMBERED) return slot
      this.#grow()
    }
  }

  #grow(): void {
    const room = this.#ids.length * 2
    const [ids, times, lots] = [this.#ids, this.#times, this.#lots]
    const [ticks, codes] = [this.#ticks, this.#codes]
    this.#ids = new Float64Array(room)
    this.#times = new Float64Array(room)
    this.#lots = new Float64Array(room)
    this.#ticks = new Int32Array(room)
    this.#codes = new Uint8Array(room)
    for (let i = 0; i < ids.length; i++) {
      const slot = ((ids[i]! % REMEMBERED) | 0) & (room - 1)
      if (ids[i] === 0) continue
      this.#ids[slot] = ids[i]!
      this.#times[slot] = times[i]!
      this.#lots[slot] = lots[i]!
      this.#ticks[slot] = ticks[i]!
      this.#codes[slot] = codes[i]!
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
