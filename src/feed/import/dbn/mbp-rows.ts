/**
 * Level records of one instrument on their way to the tape: schemas mbp-1, tbbo, mbp-10, trades.
 *
 * Every record shows the whole window of one or ten levels as it is after the change; only what
 * differs from the record before becomes rows, and a level that has left the window is removed.
 */
import { DataError, POWERS_OF_TEN, type DataPlace } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { LevelTape } from '../level-tape.ts'
import { DbnGrid } from './dbn-grid.ts'
import type { DbnBlock } from './dbn-reader.ts'
import { priceOf } from './decode.kernel.ts'
import type { InstrumentRows, RowsOptions, Tally } from './instrument-rows.ts'
import { LEVEL_BYTES, PRICE_SCALE, RecordFlag, RecordType, TRADE_BYTES } from './layout.ts'

const TRADE = 84
const LEVELS_MAX = 10

/** The levels of one side as a record shows them, best first. */
class Window {
  /** +1 for bids, -1 for asks. */
  readonly side: Side
  ticks = new Float64Array(LEVELS_MAX)
  lots = new Float64Array(LEVELS_MAX)
  count = 0
  #ticksBefore = new Float64Array(LEVELS_MAX)
  #lotsBefore = new Float64Array(LEVELS_MAX)
  #countBefore = 0

  constructor(side: Side) {
    this.side = side
  }

  /** Keeps what is there as what was before, and begins with no level. */
  turn(): void {
    const { ticks, lots } = this
    this.ticks = this.#ticksBefore
    this.lots = this.#lotsBefore
    this.#ticksBefore = ticks
    this.#lotsBefore = lots
    this.#countBefore = this.count
    this.count = 0
  }

  /** Takes back {@link turn}: the record was refused. */
  unturn(): void {
    const kept = this.#countBefore
    this.turn()
    this.count = kept
    this.#countBefore = 0
  }

  /** True when a level at `tick` would stand behind the last one. */
  accepts(tick: number): boolean {
    return this.count === 0 || (this.ticks[this.count - 1]! - tick) * this.side > 0
  }

  /** Writes what has changed. Both windows stand in order, so one step through both is enough. */
  writeChanges(tape: LevelTape): void {
    let before = 0
    for (let i = 0; i < this.count; i++) {
      const tick = this.ticks[i]!
      while (before < this.#countBefore && (this.#ticksBefore[before]! - tick) * this.side > 0) {
        tape.level(this.side, this.#ticksBefore[before++]!, 0)
      }
      const isHeld = before < this.#countBefore && this.#ticksBefore[before] === tick
      if (!isHeld || this.#lotsBefore[before] !== this.lots[i]) {
        tape.level(this.side, tick, this.lots[i]!)
      }
      if (isHeld) before++
    }
    while (before < this.#countBefore) tape.level(this.side, this.#ticksBefore[before++]!, 0)
  }

  writeSnapshot(tape: LevelTape): void {
    for (let i = 0; i < this.count; i++) {
      tape.snapshotLevel(this.side, this.ticks[i]!, this.lots[i]!)
    }
  }
}

/** The L2 rows of one instrument. */
export class MbpRows implements InstrumentRows {
  readonly recordType: number
  messages = 0
  undefinedPrices = 0
  readonly tape: LevelTape
  readonly #levels: number
  readonly #sink: RowSink
  readonly #grid: DbnGrid
  readonly #refuse: ImportJob['refuse']
  readonly #bids = new Window(1)
  readonly #asks = new Window(-1)
  #hasBegun = false
  #hasGap = false

  /** @param levels 10, 1, or 0 where there are trades alone */
  constructor(sink: RowSink, levels: 10 | 1 | 0, { epochNs, isSmall, refuse }: RowsOptions) {
    this.#sink = sink
    this.#levels = levels
    this.#grid = new DbnGrid(sink.instrument)
    this.#refuse = refuse
    this.tape = new LevelTape(sink, epochNs, isSmall)
    this.recordType =
      levels === 10 ? RecordType.Mbp10 : levels === 1 ? RecordType.Mbp1 : RecordType.Mbp0
  }

  get events(): number {
    return this.tape.events
  }

  record(block: DbnBlock, row: number, localTime: number, exchTime: number): void {
    this.messages++
    const { columns } = block
    const flags = columns.flags[row]!
    const { tape } = this
    tape.at(localTime, exchTime, columns.sequence[row]!)
    const isDoubtful = (flags & RecordFlag.MaybeBadBook) !== 0
    if (isDoubtful && !this.#hasGap) tape.gap()
    this.#hasGap = isDoubtful
    // The first record without the flag shows the whole window anew.
    if (isDoubtful) this.#hasBegun = false
    if (columns.action[row] === TRADE) this.#trade(block, row)
    if (this.#levels === 0 || isDoubtful) return
    const place = (): DataPlace => block.placeOf(row)
    if (this.#readLevels(block, row, place)) this.#writeLevels()
    if ((flags & RecordFlag.Last) !== 0) tape.endLevels()
  }

  status(localTime: number, exchTime: number, isOpen: boolean): void {
    this.tape.at(localTime, exchTime)
    this.tape.status(isOpen)
  }

  #trade(block: DbnBlock, row: number): void {
    const { columns } = block
    const price = columns.price[row]!
    const size = columns.size[row]!
    if (Number.isNaN(price) || size === 0) {
      this.undefinedPrices++
      return
    }
    const tick = this.#grid.tickOf(price)
    const lots = this.#grid.lotsOf(size)
    if (Number.isNaN(lots)) throw this.#grid.finerSize(size, block.placeOf(row))
    if (Number.isNaN(tick)) this.#refuse(this.#grid.badPrice(price, block.placeOf(row)))
    else this.tape.trade(columns.side[row] as Side | 0, tick, lots)
  }

  /** Reads both windows; false where a level is refused and the windows stay as they were. */
  #readLevels({ columns, words }: DbnBlock, row: number, place: () => DataPlace): boolean {
    this.#bids.turn()
    this.#asks.turn()
    let w = (columns.at[row]! + TRADE_BYTES) >> 2
    let isRead = true
    for (let i = 0; i < this.#levels && isRead; i++) {
      const bid = priceOf(words[w + 1]!, words[w]!)
      const ask = priceOf(words[w + 3]!, words[w + 2]!)
      isRead =
        this.#readLevel(this.#bids, bid, words[w + 4]! >>> 0, place) &&
        this.#readLevel(this.#asks, ask, words[w + 5]! >>> 0, place)
      w += LEVEL_BYTES >> 2
    }
    if (!isRead) {
      this.#bids.unturn()
      this.#asks.unturn()
    }
    return isRead
  }

  #readLevel(window: Window, price: number, size: number, place: () => DataPlace): boolean {
    if (Number.isNaN(price) || size === 0) return true
    const tick = this.#grid.tickOf(price)
    const lots = this.#grid.lotsOf(size)
    if (Number.isNaN(lots)) throw this.#grid.finerSize(size, place())
    if (Number.isNaN(tick)) {
      this.#refuse(this.#grid.badPrice(price, place()))
      return false
    }
    if (!window.accepts(tick)) {
      this.#refuse(levelOutOfOrder(price, window.side, place()))
      return false
    }
    window.ticks[window.count] = tick
    window.lots[window.count++] = lots
    return true
  }

  #writeLevels(): void {
    const { tape } = this
    if (this.#hasBegun) {
      this.#bids.writeChanges(tape)
      this.#asks.writeChanges(tape)
      return
    }
    this.#hasBegun = true
    tape.beginSnapshot()
    this.#bids.writeSnapshot(tape)
    this.#asks.writeSnapshot(tape)
    tape.endSnapshot()
  }

  beginFile(): void {}

  drain(): void {
    this.tape.drain()
  }

  finish(): SymbolResult {
    const { tape } = this
    tape.finish()
    const { instrument } = this.#sink
    return {
      symbol: instrument.symbol,
      messages: this.messages,
      events: tape.events,
      gaps: tape.gaps,
      duplicates: 0,
      reordered: 0,
      crossed: tape.crossed,
      ...(this.#levels === 0 ? {} : { final: finalBook(tape.ladder, instrument) }),
      trades: tape.totals.summary(instrument),
    }
  }

  tallies(): readonly Tally[] {
    const { tape } = this
    return [
      [tape.crossed, 'events of the venue left the book crossed'],
      [
        tape.gaps,
        'times the file says that messages are lost; the book is stale from there until a record without that flag',
      ],
      [this.undefinedPrices, 'trades have no price or size; left out'],
    ]
  }
}

function levelOutOfOrder(price: number, side: Side, place: DataPlace): DataError {
  const shown = price / POWERS_OF_TEN[PRICE_SCALE]!
  return new DataError('BAD_FIELD', 'levels must go away from the best price', {
    ...place,
    field: side > 0 ? 'bid_px' : 'ask_px',
    value: shown,
  })
}
