/**
 * Messages of one stock on their way to the tape.
 *
 * Source: "NASDAQ TotalView-ITCH 5.0", chapters 1.3 to 1.5: an execution names the resting order
 * and takes from it, a replacement is a new order on the old one's side that loses its place, an
 * execution that is not printable is counted in a cross that follows, and a trade against an order
 * that was not displayed changes no book; its side is not told (always `B` since July 2014).
 */
import { DataError, LobtraderError, type DataPlace } from '../../../core/index.ts'
import type { Instrument, Side } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { placedError } from '../field-error.ts'
import { finalBook } from '../final-book.ts'
import { FinerSize } from '../finer-size.ts'
import { GridFactors } from '../grid-factors.ts'
import type { ImportJob } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { OrdersTape } from '../orders-tape.ts'
import type { ItchBlock } from './itch-reader.ts'
import { MessageType, PRICE_SCALE } from './layout.ts'

const BUY = 66
const SELL = 83
const NOT_PRINTABLE = 78
const TRADING = 84
const TWO_32 = 4294967296

/** The rows of one stock. */
export class StockRows {
  messages = 0
  broken = 0
  readonly tape: OrdersTape
  readonly instrument: Instrument
  readonly #refuse: ImportJob['refuse']
  readonly #price: GridFactors
  readonly #size: GridFactors

  constructor(
    sink: RowSink,
    options: { epochNs: bigint; isSmall: boolean; refuse: ImportJob['refuse'] },
  ) {
    this.instrument = sink.instrument
    this.#refuse = options.refuse
    this.#price = new GridFactors(sink.instrument.priceGrid)
    this.#size = new GridFactors(sink.instrument.sizeGrid)
    this.tape = new OrdersTape(sink, options.epochNs, { isSmall: options.isSmall })
  }

  /** Takes a message; `time` in ns since the epoch. */
  message(block: ItchBlock, row: number, time: number): void {
    this.messages++
    const { columns } = block
    const { tape } = this
    const type = columns.type[row]!
    const high = columns.orderHigh[row]!
    const low = columns.orderLow[row]!
    switch (type) {
      case MessageType.Add:
      case MessageType.AddNamed:
        tape.at(time, time)
        this.#add(block, row)
        break
      case MessageType.Delete:
        tape.at(time, time)
        tape.cancel(high, low)
        break
      case MessageType.Cancel:
        tape.at(time, time)
        this.#cancel(block, row)
        break
      case MessageType.Replace:
        tape.at(time, time)
        this.#replace(block, row)
        break
      case MessageType.Execute:
      case MessageType.ExecutePrice:
        tape.at(time, time, matchNumber(block, row))
        this.#execute(block, row)
        break
      default:
        this.#rare(block, row, time)
        return
    }
    tape.countCrossed()
  }

  #rare(block: ItchBlock, row: number, time: number): void {
    const { tape } = this
    const { columns } = block
    switch (columns.type[row]) {
      case MessageType.HiddenTrade:
      case MessageType.Cross:
        tape.at(time, time, matchNumber(block, row))
        this.#trade(block, row)
        return
      case MessageType.TradingAction:
      case MessageType.OperationalHalt:
        tape.at(time, time)
        tape.status(columns.letter[row] === TRADING)
        return
      case MessageType.BrokenTrade:
        this.broken++
        break
      default:
    }
  }

  #add(block: ItchBlock, row: number): void {
    const { columns } = block
    const letter = columns.letter[row]!
    if (letter !== BUY && letter !== SELL) {
      const text = JSON.stringify(String.fromCharCode(letter))
      this.#refuse(
        new DataError('BAD_FIELD', `the side of an order is "B" or "S", was ${text}`, {
          ...block.placeOf(row),
          field: 'buy/sell indicator',
          value: text,
        }),
      )
      return
    }
    const lots = this.#lots(block, row)
    const tick = this.#tick(block, row)
    if (lots < 0 || tick < 0) return
    const side: Side = letter === BUY ? 1 : -1
    this.tape.add(columns.orderHigh[row]!, columns.orderLow[row]!, side, tick, lots)
  }

  #cancel(block: ItchBlock, row: number): void {
    const { columns } = block
    const lots = this.#lots(block, row)
    if (lots > 0) this.tape.cancel(columns.orderHigh[row]!, columns.orderLow[row]!, lots)
  }

  #replace(block: ItchBlock, row: number): void {
    const { columns } = block
    const { tape } = this
    const high = columns.orderHigh[row]!
    const low = columns.orderLow[row]!
    if (!tape.has(high, low)) {
      tape.unknown++
      return
    }
    const lots = this.#lots(block, row)
    const tick = this.#tick(block, row)
    if (lots < 0 || tick < 0) return
    const side = tape.sideOf(high, low)
    tape.cancel(high, low)
    tape.add(columns.otherHigh[row]!, columns.otherLow[row]!, side, tick, lots)
  }

  #execute(block: ItchBlock, row: number): void {
    const { columns } = block
    const { tape } = this
    const high = columns.orderHigh[row]!
    const low = columns.orderLow[row]!
    if (!tape.has(high, low)) {
      tape.unknownFills++
      return
    }
    const lots = this.#lots(block, row)
    const hasPrice = columns.type[row] === MessageType.ExecutePrice
    const tick = hasPrice ? this.#tick(block, row) : tape.tickOf(high, low)
    if (lots < 0 || (hasPrice && tick < 0)) return
    const isTrade = !hasPrice || columns.letter[row] !== NOT_PRINTABLE
    if (isTrade) tape.trade(tape.sideOf(high, low) > 0 ? -1 : 1, tick, lots)
    tape.execute(high, low, lots, tick)
  }

  #trade(block: ItchBlock, row: number): void {
    // A cross in which nothing was traded is told with 0 shares.
    if (block.columns.shares[row] === 0) return
    const lots = this.#lots(block, row)
    const tick = this.#tick(block, row)
    if (lots > 0 && tick >= 0) this.tape.trade(0, tick, lots)
  }

  /** Returns the lots of a message, -1 where it is refused. */
  #lots(block: ItchBlock, row: number): number {
    const shares = block.columns.shares[row]!
    if (shares === 0 || shares > Number.MAX_SAFE_INTEGER) {
      this.#refuse(
        new DataError('BAD_FIELD', `expected shares above 0, was ${shares}`, {
          ...block.placeOf(row),
          field: 'shares',
          value: shares,
        }),
      )
      return -1
    }
    const lots = this.#size.indexOf(shares, 0)
    if (lots < 0) throw new FinerSize(String(shares), block.placeOf(row), this.instrument.symbol)
    return lots
  }

  /** Returns the tick of a message, -1 where it is refused. */
  #tick(block: ItchBlock, row: number): number {
    const price = block.columns.price[row]!
    const tick = this.#price.indexOf(price, PRICE_SCALE)
    if (tick >= 0 && tick === (tick | 0)) return tick
    this.#refuse(this.#badPrice(price, block.placeOf(row)))
    return -1
  }

  #badPrice(price: number, place: DataPlace): DataError {
    const digits = String(price).padStart(PRICE_SCALE + 1, '0')
    const text = `${digits.slice(0, -PRICE_SCALE)}.${digits.slice(-PRICE_SCALE)}`
    const placed = { ...place, field: 'price', value: text }
    try {
      this.instrument.ticksOf(text)
    } catch (error) {
      if (error instanceof LobtraderError) return placedError(error, placed)
      throw error
    }
    return new DataError('OFF_GRID', 'the price lies off the grid', placed)
  }

  drain(): void {
    this.tape.drain()
  }

  finish(): SymbolResult {
    const { tape, instrument } = this
    tape.finish()
    return {
      symbol: instrument.symbol,
      messages: this.messages,
      events: tape.events,
      gaps: 0,
      duplicates: 0,
      reordered: 0,
      crossed: tape.crossed,
      orders: tape.orders,
      final: finalBook(tape.ladder, instrument),
      trades: tape.totals.summary(instrument),
    }
  }
}

/** The number of an execution or a trade; 0 where it is too great for a double. */
function matchNumber({ columns }: ItchBlock, row: number): number {
  const number = columns.otherHigh[row]! * TWO_32 + columns.otherLow[row]!
  return Number.isSafeInteger(number) ? number : 0
}
