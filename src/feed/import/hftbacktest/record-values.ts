/** What a record says, checked and on the grid of the instrument. */
import { DataError, LobtraderError, decimalText } from '../../../core/index.ts'
import { EventKind, type Instrument } from '../../../market/index.ts'
import { placedError } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import type { ArrayReader } from './array-reader.ts'
import { RecordKind } from './event-record.ts'

const KIND_OF: ReadonlyMap<number, EventKind> = new Map([
  [RecordKind.Depth, EventKind.DepthSet],
  [RecordKind.Trade, EventKind.Trade],
  [RecordKind.DepthClear, EventKind.DepthClear],
  [RecordKind.DepthSnapshot, EventKind.SnapshotLevel],
  [RecordKind.DepthBbo, EventKind.Bbo],
  [RecordKind.AddOrder, EventKind.OrderAdd],
  [RecordKind.CancelOrder, EventKind.OrderCancel],
  [RecordKind.ModifyOrder, EventKind.OrderModify],
  [RecordKind.Fill, EventKind.OrderFill],
])

/** Kinds that make sense without a side. */
const SIDELESS: ReadonlySet<EventKind | undefined> = new Set<EventKind>([
  EventKind.Trade,
  EventKind.DepthClear,
  EventKind.OrderCancel,
  EventKind.OrderModify,
  EventKind.OrderFill,
])

/** True for the kinds of single orders. */
export function isOrderKind(kind: EventKind): boolean {
  return kind >= EventKind.OrderAdd && kind !== EventKind.Funding
}

/** The record at hand of a reader, as ticks and lots. */
export class RecordValues {
  readonly #reader: ArrayReader
  readonly #instrument: Instrument

  constructor(reader: ArrayReader, instrument: Instrument) {
    this.#reader = reader
    this.#instrument = instrument
  }

  /** @throws DataError BAD_FIELD when the flags are none of hftbacktest's */
  kind(): EventKind {
    const { record } = this.#reader
    const kind = KIND_OF.get(record.kind)
    if (kind !== undefined && !record.hasUnknownBits && (record.side !== 0 || SIDELESS.has(kind))) {
      return kind
    }
    throw new DataError('BAD_FIELD', 'the flags are not those of an hftbacktest event', {
      ...this.#reader.place(),
      field: 'ev',
      value: record.kind,
    })
  }

  /** @throws DataError OFF_GRID, NOT_FINITE, OUT_OF_RANGE, NEGATIVE or BAD_FIELD (0) */
  tick(): number {
    const { price } = this.#reader.record
    const instrument = this.#instrument
    const guess = Math.round(price / instrument.tickSize)
    const tick =
      guess === (guess | 0) && instrument.price(guess) === price
        ? guess
        : this.#onGrid('px', price, () => instrument.ticksOf(price))
    if (tick > 0) return tick
    throw new DataError(
      tick < 0 ? 'NEGATIVE' : 'BAD_FIELD',
      `expected a price above 0, was ${price}`,
      { ...this.#reader.place(), field: 'px', value: price },
    )
  }

  /** @throws DataError OFF_GRID, NOT_FINITE, NEGATIVE; FinerSize for a size between two lots */
  lots(): number {
    const { size } = this.#reader.record
    const instrument = this.#instrument
    const guess = Math.round(size / instrument.lotSize)
    if (guess >= 0 && Number.isSafeInteger(guess) && instrument.size(guess) === size) {
      return guess + 0
    }
    return this.#onGrid('qty', size, () => instrument.lotsOf(size))
  }

  #onGrid(field: string, value: number, convert: () => number): number {
    try {
      return convert()
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const place = { ...this.#reader.place(), field, value }
      if (field === 'qty' && error.code === 'OFF_GRID') {
        throw new FinerSize(decimalText(value), place)
      }
      throw placedError(error, place)
    }
  }
}
