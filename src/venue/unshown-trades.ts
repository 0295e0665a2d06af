/** Trades that have printed and that no row of the book has followed: it does not show them yet. */
import { EventKind, KIND_MASK, LOCAL_ONLY_BIT, type EventColumns } from '../market/index.ts'

/** What one trade was: code as on the tape, tick, lots, and the number of its row. */
export type UnshownTrade = (code: number, tick: number, lots: number, row: number) => void

/** Looks back from a place of the tape to the last row of its book. */
export class UnshownTrades {
  /** Trades at the ends of earlier windows. */
  #carried: { code: number; tick: number; lots: number; row: number }[] = []
  /** Number of the first row that has not been told of. */
  #from = 0

  /**
   * Tells each trade behind the last book row before position `to`, oldest first, and none of them
   * again.
   *
   * @param rowsBefore rows in the windows before this one
   */
  tell(events: EventColumns, to: number, rowsBefore: number, trade: UnshownTrade): void {
    const begin = this.#begin(events, to, rowsBefore)
    if (begin === 0)
      for (const { code, tick, lots, row } of this.#carried) trade(code, tick, lots, row)
    for (let position = begin; position < to; position++) {
      const i = events.exchOrder === undefined ? position : events.exchOrder[position]!
      const code = events.code[i]!
      if (isTrade(code)) trade(code, events.tick[i]!, events.lots[i]!, rowsBefore + position)
    }
    this.#carried.length = 0
    this.#from = rowsBefore + to
  }

  /** Keeps the trades at the end of a window that will not be looked at again. */
  leave(events: EventColumns, rowsBefore: number): void {
    const { code, tick, lots, exchOrder, length } = events
    const begin = this.#begin(events, length, rowsBefore)
    if (begin > 0) this.#carried.length = 0
    for (let position = begin; position < length; position++) {
      const i = exchOrder === undefined ? position : exchOrder[position]!
      if (!isTrade(code[i]!)) continue
      const row = rowsBefore + position
      this.#carried.push({ code: code[i]!, tick: tick[i]!, lots: lots[i]!, row })
    }
  }

  /** The position behind the last book row before `to`, or behind what has been told. */
  #begin(events: EventColumns, to: number, rowsBefore: number): number {
    const { code, exchOrder } = events
    const least = Math.max(0, this.#from - rowsBefore)
    let position = to
    while (position > least) {
      const i = exchOrder === undefined ? position - 1 : exchOrder[position - 1]!
      if (isOfBook(code[i]!)) break
      position--
    }
    return position
  }
}

function isTrade(code: number): boolean {
  return (code & (KIND_MASK | LOCAL_ONLY_BIT)) === EventKind.Trade
}

function isOfBook(code: number): boolean {
  const kind = code & KIND_MASK
  const isLevel = kind >= EventKind.DepthSet && kind <= EventKind.SnapshotEnd
  return isLevel && (code & LOCAL_ONLY_BIT) === 0
}
