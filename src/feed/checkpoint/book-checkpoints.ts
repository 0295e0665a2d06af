/** The books behind the seek section of a store: levels for `l2`, queues of orders for `l3`. */
import {
  BookState,
  OrderBookState,
  applyEvents,
  applyExchangeEvents,
  applyOrderEvents,
} from '../../book/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  type EventColumns,
} from '../../market/index.ts'
import type { BookKeeper, CheckpointMaker } from '../../store/index.ts'
import { bookRows, tickerRows, type BookRow } from './book-rows.ts'

/** Half a million rows: what a run replays in some hundredths of a second. */
const EVERY_BLOCKS = 8

/** A smaller window than a run's: two books are kept for each instrument of an import. */
const WINDOW_TICKS = 4096

/** Makes the checkpoints of books. @param everyBlocks blocks of 65,536 rows between two */
export function bookCheckpoints(everyBlocks: number = EVERY_BLOCKS): CheckpointMaker {
  return {
    everyBlocks,
    keeper(kind) {
      if (kind === 'l2') return new LevelKeeper()
      return kind === 'l3' ? new OrderKeeper() : undefined
    },
  }
}

class LevelKeeper implements BookKeeper {
  readonly #local = new BookState({ windowTicks: WINDOW_TICKS })
  readonly #exchange = new BookState({ windowTicks: WINDOW_TICKS })

  seeLocal(rows: EventColumns): void {
    applyEvents(this.#local, rows, 0, rows.length)
  }

  seeExchange(rows: EventColumns): void {
    applyExchangeEvents(this.#exchange, rows, 0, rows.length)
  }

  write(out: EventWriter, localTime: number, exchTime: number): void {
    writeBooks(out, [this.#local, this.#exchange], [localTime, exchTime])
  }
}

class OrderKeeper implements BookKeeper {
  readonly #local = new OrderBookState({ windowTicks: WINDOW_TICKS })
  readonly #exchange = new OrderBookState({ windowTicks: WINDOW_TICKS })

  seeLocal(rows: EventColumns): void {
    applyOrderEvents(this.#local, rows, 0, rows.length)
  }

  seeExchange(rows: EventColumns): void {
    const seen = asSeenByVenue(rows)
    applyOrderEvents(this.#exchange, seen, 0, seen.length)
  }

  write(out: EventWriter, localTime: number, exchTime: number): void {
    writeBooks(out, [this.#local, this.#exchange], [localTime, exchTime])
  }
}

/** The rows that the venue sees, in its order, as rows that everybody sees. */
function asSeenByVenue(rows: EventColumns): EventColumns {
  const { localTime, exchTime, code, tick, lots, orderRef, seq, exchOrder, length } = rows
  const seen = new EventWriter(rows.epochNs, Math.max(1, length))
  for (let position = 0; position < length; position++) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    const c = code[i]!
    if ((c & LOCAL_ONLY_BIT) !== 0 || (c & KIND_MASK) === EventKind.Bbo) continue
    const shown = c & ~EXCH_ONLY_BIT
    seen.push(localTime[i]!, exchTime[i]!, shown, tick[i]!, lots[i]!, orderRef[i]!, seq[i]!)
  }
  return seen.rows
}

/** Writes both books: once where they are equal, else each for its own side alone. */
function writeBooks(
  out: EventWriter,
  [local, exchange]: readonly [BookState, BookState],
  [localTime, exchTime]: readonly [number, number],
): void {
  const push = (rows: readonly BookRow[], bit: number): void => {
    for (const { code, tick, lots, orderRef, seq } of rows) {
      out.push(localTime, exchTime, code | bit, tick, lots, orderRef, seq)
    }
  }
  const ours = bookRows(local)
  const venues = bookRows(exchange)
  if (areEqual(ours, venues)) {
    push(ours, 0)
  } else {
    push(ours, LOCAL_ONLY_BIT)
    push(venues, EXCH_ONLY_BIT)
  }
  push(tickerRows(local), 0)
}

function areEqual(a: readonly BookRow[], b: readonly BookRow[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, i) => {
      const other = b[i]!
      return (
        row.code === other.code &&
        row.tick === other.tick &&
        row.lots === other.lots &&
        row.orderRef === other.orderRef &&
        row.seq === other.seq
      )
    })
  )
}
