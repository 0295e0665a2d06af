/**
 * A tape: the rows of one instrument as a run goes through them, window by window, so that a run
 * needs not all rows in memory at once. A tape in memory is the one-window case.
 */
import { EXCH_ONLY_BIT, EventKind, KIND_MASK, LOCAL_ONLY_BIT, type EventColumns } from './events.ts'

/** Successive windows over a tape; each call of {@link next} ends the window before it. */
export interface EventWindows {
  /** True when the last window has been given. */
  readonly isLast: boolean
  /** Returns the next window, which is never empty; undefined behind the last. */
  next(): EventColumns | undefined
  /** Lets go of what the present window holds; no window may be read afterwards. */
  close(): void
}

/** The rows of one instrument, to be read from the start as often as one likes. */
export interface EventTape {
  readonly epochNs: bigint
  /** Rows of all windows together. */
  readonly length: number
  /** Local time of the first row, ns since the epoch; NaN when there are no rows. */
  readonly firstTime: number
  /** Local time of the last row, ns since the epoch; NaN when there are no rows. */
  readonly lastTime: number
  /** False where no row tells of funding; absent where nobody has looked. */
  readonly hasFunding?: boolean | undefined
  /**
   * True where the venue and we see all rows, in one order and in one window; absent where nobody
   * has looked.
   */
  readonly isSeenAlike?: boolean | undefined
  /**
   * Windows in local order. Rows of one local time always stand in one window: what reached us
   * together is seen together.
   */
  local(): EventWindows
  /**
   * Windows whose positions, read one behind the other, are all rows in stable order of venue time.
   * Where a window has an `exchOrder`, `length` counts its positions and its columns may be longer.
   */
  exchange(): EventWindows
}

/** Rows in local order, cut anywhere into blocks that need not be in memory together. */
export interface EventBlocks {
  readonly epochNs: bigint
  /** Rows of each block, at least one. */
  readonly rows: Int32Array
  /** Local time of the first row of each block, ns since the epoch. */
  readonly firstTime: Float64Array
  /** Least venue time in each block, or less. */
  readonly exchMin: Float64Array
  /** Local time of the last row of the last block. */
  readonly lastTime: number
  /** Most rows that may be copied at the borders between blocks, by each reader. */
  readonly borderRowsMax: number
  /**
   * Returns the rows of a block with their order by venue time. They stay as they are until they
   * have been given back as often as they were taken.
   */
  take(block: number): EventColumns
  giveBack(block: number): void
}

/** Returns the tape of columns that are in memory. */
export function memoryTape(events: EventColumns): EventTape {
  const { epochNs, length, localTime } = events
  let hasFunding: boolean | undefined
  let isSeenAlike: boolean | undefined
  return {
    epochNs,
    length,
    firstTime: length === 0 ? Number.NaN : localTime[0]!,
    lastTime: length === 0 ? Number.NaN : localTime[length - 1]!,
    get hasFunding() {
      hasFunding ??= tellsOfFunding(events)
      return hasFunding
    },
    get isSeenAlike() {
      isSeenAlike ??= seenAlike(events)
      return isSeenAlike
    },
    local: () => new OneWindow(events),
    exchange: () => new OneWindow(events),
  }
}

function seenAlike({ code, exchOrder, length }: EventColumns): boolean {
  if (exchOrder !== undefined) return false
  let bits = 0
  for (let row = 0; row < length; row++) bits |= code[row]!
  return (bits & (LOCAL_ONLY_BIT | EXCH_ONLY_BIT)) === 0
}

function tellsOfFunding({ code, length }: EventColumns): boolean {
  let row = 0
  while (row < length && (code[row]! & KIND_MASK) !== EventKind.Funding) row++
  return row < length
}

class OneWindow implements EventWindows {
  #rest: EventColumns | undefined

  constructor(events: EventColumns) {
    this.#rest = events.length === 0 ? undefined : events
  }

  get isLast(): boolean {
    return this.#rest === undefined
  }

  next(): EventColumns | undefined {
    const window = this.#rest
    this.#rest = undefined
    return window
  }

  close(): void {
    this.#rest = undefined
  }
}
