/** Writes small tapes for tests: times in ns, prices in ticks, sizes in lots. */
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type Side,
} from '../src/market/index.ts'

/** An instrument of tick 1 and lot 1, so that decimals and integers are the same. */
export const unitInstrument = new Instrument({
  venue: 'test',
  symbol: 'UNIT',
  kind: 'linear-perpetual',
  base: 'U',
  quote: 'Q',
  tickSize: '1',
  lotSize: '1',
})

/** The same as an inverse contract. */
export const inverseInstrument = new Instrument({
  ...unitInstrument.spec,
  kind: 'inverse-perpetual',
})

/** Writes rows at explicit exchange times; local time is the exchange time plus `feedLatency`. */
export class Tape {
  readonly #rows: [number, number, number, number, number][] = []
  readonly #feedLatency: number
  #seq = 0

  constructor(feedLatency = 0) {
    this.#feedLatency = feedLatency
  }

  /** A snapshot of both sides: [tick, lots] pairs. */
  snapshot(
    time: number,
    bids: readonly [number, number][],
    asks: readonly [number, number][],
  ): this {
    this.row(time, eventCode(EventKind.SnapshotBegin, 0), 0, 0)
    for (const [tick, lots] of bids)
      this.row(time, eventCode(EventKind.SnapshotLevel, 1), tick, lots)
    for (const [tick, lots] of asks)
      this.row(time, eventCode(EventKind.SnapshotLevel, -1), tick, lots)
    return this.row(time, eventCode(EventKind.SnapshotEnd, 0), 0, 0)
  }

  bid(time: number, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.DepthSet, 1), tick, lots)
  }

  ask(time: number, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.DepthSet, -1), tick, lots)
  }

  trade(time: number, aggressor: Side, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.Trade, aggressor), tick, lots)
  }

  gap(time: number): this {
    return this.row(time, eventCode(EventKind.Gap, 0), 0, 0)
  }

  /** A row with any code; `localTime` apart from the exchange's where the test wants it so. */
  row(
    time: number,
    code: number,
    tick: number,
    lots: number,
    localTime = time + this.#feedLatency,
  ): this {
    this.#rows.push([localTime, time, code, tick, lots])
    return this
  }

  events(): EventColumns {
    const writer = new EventWriter(0n, Math.max(1, this.#rows.length))
    for (const [local, exch, code, tick, lots] of this.#rows) {
      writer.push(local, exch, code, tick, lots, -1, ++this.#seq)
    }
    return writer.finish()
  }
}
