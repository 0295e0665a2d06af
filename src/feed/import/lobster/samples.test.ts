import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import {
  TestFolder,
  failureOf,
  loadRows,
  plainRows,
  type PlainRow,
} from '../../../../test/import-support.ts'
import { EventKind, KIND_MASK, codeSide } from '../../../market/index.ts'
import { importCapture } from '../import-capture.ts'

const folder = new TestFolder()

interface LobsterExpected {
  readonly rows: number
  readonly types: Readonly<Record<string, number>>
  readonly visible_exec_shares: number
  readonly hidden_exec_shares: number
  readonly last_row_best: readonly [number, number, number, number]
}

describeWithData('the LOBSTER samples', () => {
  const data = (name: string): string => sharedPath(`data/lobster/${name}.csv.gz`)
  const SAMPLES = [
    { key: 'AMZN_5', stem: 'AMZN_2012-06-21_34200000_57600000', levels: 5, rows: 155_935 },
    { key: 'AAPL_1', stem: 'AAPL_2012-06-21_34200000_57600000', levels: 1, rows: 118_497 },
    { key: 'MSFT_50', stem: 'MSFT_2012-06-21_36000000_1000rows', levels: 50, rows: 1000 },
  ]

  it.each(SAMPLES)(
    '$key: every transition agrees, and the tape holds each row of the book',
    async ({ key, stem, levels, rows }) => {
      const store = folder.newStore()
      const [message, book] = ['message', 'orderbook'].map((kind) =>
        data(`${stem}_${kind}_${levels}`),
      )
      const files = key === 'AAPL_1' ? [book!, message!] : [message!, book!]
      const result = await importCapture({ format: 'lobster', files, store })
      expect(result.messages).toBe(rows)
      expect(result.transitions).toEqual({ compared: rows - 1, equal: rows - 1 })
      expect(result).toMatchObject({ gaps: 0, crossed: 0, warnings: [] })
      const replay = JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
        lobster: Record<string, LobsterExpected>
      }
      const expected = replay.lobster[key]
      if (expected !== undefined) {
        const [askPrice, askSize, bidPrice, bidSize] = expected.last_row_best
        expect(result.final?.bestAsk).toEqual([askPrice / 1e4, askSize])
        expect(result.final?.bestBid).toEqual([bidPrice / 1e4, bidSize])
        expect(result.trades?.count).toBe(expected.types['4']! + expected.types['5']!)
        expect(result.trades?.volume).toBe(
          expected.visible_exec_shares + expected.hidden_exec_shares,
        )
      }
      const symbol = key.split('_')[0]!
      const lines = gunzipSync(readFileSync(book!)).toString().trim().split('\n')
      checkTape(plainRows(loadRows(store, symbol)), lines)
    },
  )

  it('refuses messages that have no book file', async () => {
    const error = await failureOf(
      importCapture({
        format: 'lobster',
        files: [data('AAPL_2012-06-21_34200000_37800000_message_50')],
        store: folder.newStore(),
      }),
    )
    expect(error.message).toMatch(
      /a pair, one message file and its orderbook file; given: .*\(messages\)$/,
    )
  })
})

/** Replays the tape and compares the book with every 41st line of the orderbook file. */
function checkTape(rows: readonly PlainRow[], lines: readonly string[]): void {
  const bids = new Map<number, number>()
  const asks = new Map<number, number>()
  let at = 0
  let compared = 0
  for (let row = 1; row <= lines.length; row++) {
    for (; rows[at]?.seq === row; at++) {
      const { code, tick, lots } = rows[at]!
      const kind = code & KIND_MASK
      if (kind !== EventKind.DepthSet && kind !== EventKind.SnapshotLevel) continue
      const side = codeSide(code) > 0 ? bids : asks
      if (lots === 0) side.delete(tick)
      else side.set(tick, lots)
    }
    if (row % 41 !== 0 && row !== lines.length) continue
    const values = lines[row - 1]!.split(',').map(Number)
    const expected = values.flatMap((price, i) => (i % 2 === 0 ? [[price, values[i + 1]!]] : []))
    const held = [...asks, ...bids].toSorted((a, b) => a[0] - b[0])
    if (held.toString() !== expected.toSorted((a, b) => a[0]! - b[0]!).toString()) {
      throw new Error(`the tape's book differs from row ${row}`)
    }
    compared++
  }
  expect(at).toBe(rows.length)
  expect(compared).toBeGreaterThan(lines.length / 42)
}
