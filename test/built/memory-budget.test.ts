/** A run over a store several times larger than its budget of memory, in processes of its own. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { Prng } from '../../src/core/index.ts'
import {
  EVENT_ROW_BYTES,
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
} from '../../src/market/index.ts'
import { beginImport } from '../../src/store/index.ts'
import { MIDNIGHT, instrument, temporaryFolder } from '../store-fixture.ts'

const CHILD = fileURLToPath(new URL('streaming-child.mjs', import.meta.url))
const BUDGET_MB = 24
const PARTS = 24
/** What a process takes that runs a strategy over next to nothing, compiled code and all. */
const BASE_MB = 120
const GARBAGE_MB = 64

/** A market whose touch stands still: levels change, trades go through the queues. */
function calmMarket(rows: number): EventColumns {
  const prng = new Prng(4)
  const writer = new EventWriter(MIDNIGHT, rows)
  let time = 1_000_000
  const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number): void => {
    const exch = time - 1_000_000 * (1 + prng.nextInt(3))
    writer.push(time, exch, eventCode(kind, side), tick, lots, -1, writer.length)
  }
  push(EventKind.SnapshotBegin, 0, 0, 0)
  for (let level = 0; level < 300; level++) {
    push(EventKind.SnapshotLevel, 1, 600_000 - level, 1 + prng.nextInt(500))
    push(EventKind.SnapshotLevel, -1, 600_001 + level, 1 + prng.nextInt(500))
  }
  push(EventKind.SnapshotEnd, 0, 0, 0)
  while (writer.length < rows) {
    if (prng.nextInt(5) === 0) time += prng.nextInt(4_000_000)
    const side = prng.nextInt(2) === 0 ? 1 : -1
    const touch = side > 0 ? 600_000 : 600_001
    if (prng.nextInt(10) === 0) push(EventKind.Trade, side, side > 0 ? 600_001 : 600_000, 40)
    else push(EventKind.DepthSet, side, touch - side * prng.nextInt(300), 1 + prng.nextInt(500))
  }
  return writer.finish()
}

const dir = temporaryFolder()()
let rows = 0
let tenth = 0n

beforeAll(() => {
  const part = calmMarket(100_000)
  const span = BigInt(part.localTime[part.length - 1]!)
  const transaction = beginImport(dir, { instrument })
  for (let i = 0; i < PARTS; i++) {
    const epochNs = part.epochNs + BigInt(i) * span
    transaction.append('l2', { ...part, epochNs })
    rows += part.length
  }
  transaction.commit()
  tenth = MIDNIGHT + (span * BigInt(PARTS)) / 10n
}, 60_000)

interface Told {
  readonly runHash: string
  readonly events: number
  readonly fills: number
  readonly seconds: number
  readonly peakMb: number
}

function run(memory: string, to?: bigint): Told {
  // The old space holds no rows, which lie in shared memory: both are bounded.
  const args = ['--max-old-space-size=48', CHILD, dir, memory]
  if (to !== undefined) args.push(new Date(Number(to / 1_000_000n)).toISOString())
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return JSON.parse(stdout) as Told
}

describe('a run within a budget of memory', () => {
  it('takes no more of it when the store is ten times as long, and gives the same run', () => {
    expect((rows * EVENT_ROW_BYTES) / 1e6).toBeGreaterThan(4 * BUDGET_MB)
    const streamed = run(`${BUDGET_MB}MB`)
    const short = run(`${BUDGET_MB}MB`, tenth)
    const whole = run('all')
    expect(streamed.events).toBe(rows)
    expect(streamed).toEqual({
      ...whole,
      seconds: expect.any(Number) as number,
      peakMb: expect.any(Number) as number,
    })
    expect(short.events).toBeLessThan(rows / 9)
    expect(streamed.fills).toBeGreaterThan(100)
    // What decompression leaves is collected once 64 MB of it wait; the rows are 144 MB.
    const told = `${short.peakMb} MB over a tenth, ${streamed.peakMb} over all, ${whole.peakMb} at once`
    expect(streamed.peakMb, told).toBeLessThan(BASE_MB + BUDGET_MB + GARBAGE_MB)
    expect(streamed.peakMb - short.peakMb, told).toBeLessThan(BUDGET_MB + GARBAGE_MB)
    expect(whole.peakMb, told).toBeGreaterThan(streamed.peakMb + BUDGET_MB)
  })
})
