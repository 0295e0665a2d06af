import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packColumn } from '../../src/report/pack-column.ts'
import { pageData } from '../../src/report/page-data.ts'
import { unpackColumn, unpackTable } from '../../ui/columns.ts'
import { handRun } from '../run-record-fixture.ts'
import { sessionRun } from '../session-fixture.ts'

describe('columns on their way into the page', () => {
  test.each([
    ['f64', fc.float64Array()],
    ['f32', fc.float32Array()],
    ['i8', fc.int8Array()],
    ['u8', fc.uint8Array()],
  ])('arrive bit for bit: %s', async (type, arrays) => {
    await fc.assert(
      fc.asyncProperty(arrays, async (column) => {
        const packed = packColumn(column)
        expect(packed).toMatchObject({ type, length: column.length })
        const unpacked = await unpackColumn(packed)
        expect(new Uint8Array(unpacked.buffer)).toEqual(
          new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
        )
      }),
    )
  })

  test('a part of a larger column arrives alone', async () => {
    const part = Float64Array.of(1, 2, 3, 4).subarray(1, 3)
    expect([...(await unpackColumn(packColumn(part)))]).toEqual([2, 3])
  })

  test('the fills of a run arrive with their markouts', async () => {
    const run = handRun({
      fills: [
        { side: 1, price: 100, size: 1, time: 1e9 },
        { side: -1, price: 100, size: 1, time: 57e9 },
      ],
      mids: [
        [0, 100],
        [3e9, 101],
      ],
    })
    const fills = await unpackTable(pageData(run).fills)
    expect([...fills.markout]).toEqual([100, Number.NaN])
    expect([...fills.side]).toEqual([1, -1])
    expect([...fills.localTime]).toEqual([1e9, 57e9])
  })

  test('quotes are the limit orders that rested, while they did', async () => {
    const run = handRun({
      orders: [
        { price: 99, acceptLocal: 1e9, doneLocal: 5e9, status: 'cancelled' },
        { price: 98, acceptLocal: 2e9 },
        { price: 97, status: 'submitted' },
        { type: 'market', acceptLocal: 2e9, status: 'filled' },
      ],
    })
    const quotes = await unpackTable(pageData(run).quotes)
    expect([...quotes.price]).toEqual([99, 98])
    expect([...quotes.to]).toEqual([5e9, run.toTime])
  })

  test('a long history of mids is thinned out and says so', () => {
    const run = sessionRun({ samples: 30 })
    const length = 1_300_000
    const time = Float64Array.from({ length }, (_, i) => run.fromTime + i * 10_000)
    const mid = Float64Array.from({ length }, (_, i) => 100 + Math.sin(i))
    const { mids } = pageData({ ...run, mids: { length, time, mid } })
    expect(mids.rowsBefore).toBe(length)
    expect(mids.length).toBeLessThanOrEqual(1_000_002)
    expect(mids.length).toBeGreaterThan(500_000)
  })
})
