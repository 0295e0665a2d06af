import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unitInstrument } from '../../test/tape.ts'
import { cutByInstrument } from './record-parts.ts'
import { FillRecorder, type FillRow } from './recorder.ts'

const number = fc.integer({ min: 1, max: 1000 })

function fill(instrument: number, orderId: number): FillRow {
  return {
    instrument,
    orderId,
    side: orderId % 2 === 0 ? 1 : -1,
    price: orderId + 1,
    size: orderId + 2,
    maker: orderId % 3 === 0,
    fee: orderId + 3,
    exchTime: orderId * 10,
    localTime: orderId * 10 + 5,
    position: orderId + 4,
    queueAhead: orderId + 5,
    bidPrice: orderId + 6,
    bidSize: orderId + 7,
    askPrice: orderId + 8,
    askSize: orderId + 9,
  }
}

describe('the tables of a run over several instruments', () => {
  it('are cut into those that each would have alone, in order', () => {
    // Fills of one instrument come in order of time.
    const rows = fc
      .array(fc.tuple(fc.nat(4), number), { maxLength: 60, size: 'max' })
      .map((drawn) => drawn.toSorted(([, a], [, b]) => a - b))
    fc.assert(
      fc.property(rows, (given) => {
        const recorded = (of: readonly FillRow[]): ReturnType<FillRecorder['finish']> => {
          const recorder = new FillRecorder()
          for (const row of of) recorder.push(row)
          return recorder.finish(Array.from({ length: 6 }, () => unitInstrument))
        }
        const fills = given.map(([instrument, id]) => fill(instrument, id))
        const cut = cutByInstrument(recorded(fills), 6)
        expect(cut).toHaveLength(6)
        for (const [instrument, part] of cut.entries()) {
          const own = fills.filter((row) => row.instrument === instrument)
          expect(part).toEqual(recorded(own.map((row) => ({ ...row, instrument: 0 }))))
        }
      }),
    )
  })
})
