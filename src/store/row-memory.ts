/**
 * The memory that the open partitions of one import may fill with rows.
 *
 * A partition holds the rows of a block that is not complete yet. One instrument needs no more than
 * that block; thousands of them would need thousands, so those that hold most put their rows aside
 * whenever all together hold too many.
 */

/** Rows that one import keeps in memory, with their room to grow: about 170 MB. */
const HELD_ROWS_MAX = 1 << 22

/** An open partition. */
export interface RowHolder {
  /** Rows that its memory has room for. */
  readonly room: number
  /** Puts the rows aside and gives the memory back. @throws LobtraderError WRITE_FAILED */
  putAside(): void
}

/** Counts the rows that open partitions hold, and makes room. */
export class RowMemory {
  readonly #rowsMax: number
  readonly #holders = new Set<RowHolder>()
  #room = 0
  /** Room at which to make some free; above the limit where even empty partitions fill that. */
  #roomMax: number

  constructor(rowsMax: number = HELD_ROWS_MAX) {
    this.#rowsMax = rowsMax
    this.#roomMax = rowsMax
  }

  /** Rows that all partitions have room for. */
  get room(): number {
    return this.#room
  }

  add(holder: RowHolder): void {
    this.#holders.add(holder)
    this.#room += holder.room
  }

  remove(holder: RowHolder): void {
    if (this.#holders.delete(holder)) this.#room -= holder.room
  }

  /** Notes that a partition has taken room for `rows` more; negative where it gave some back. */
  noteGrowth(rows: number): void {
    this.#room += rows
  }

  /**
   * Makes half of the memory free when there is too little: the partitions with the greatest room
   * put their rows aside. Call it between appends.
   */
  relieve(): void {
    if (this.#room <= this.#roomMax) return
    const byRoom = [...this.#holders].toSorted((a, b) => b.room - a.room)
    for (const holder of byRoom) {
      if (this.#room * 2 <= this.#rowsMax) break
      holder.putAside()
    }
    this.#roomMax = Math.max(this.#rowsMax, this.#room * 2)
  }
}
