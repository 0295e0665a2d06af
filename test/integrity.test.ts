/**
 * A gap planted in a real capture, from the file to the strategy: the import tells of it, the check
 * finds it, the strategy hears of it, nothing that adds risk leaves while the book is stale, and
 * the next snapshot makes it the venue's book again.
 */
import { beforeAll, expect, it } from 'vitest'
import { OrderBook } from '../src/book/index.ts'
import { Cerebro, Strategy, type RunResult } from '../src/engine/index.ts'
import { LobFeed, importCapture, verifyStore, type ImportResult } from '../src/feed/index.ts'
import { LineCursor } from '../src/feed/input/line-cursor.ts'
import { Instrument } from '../src/market/index.ts'
import { openStore } from '../src/store/index.ts'
import { constantLatency, powerProbQueue } from '../src/venue/index.ts'
import { TestFolder, loadRows } from './import-support.ts'
import { describeWithData, sharedPath } from './shared-data.ts'

const CAPTURE = 'data/binance/usdm_btcusdt_20240808'
const instrument = sharedPath(`${CAPTURE}.instrument.json`)
/** Lines to take: three quarters of a minute. */
const LINES = 12_000
/** Depth updates, counted from the first: the lost one, and the one that the snapshot holds. */
const LOST = 300
const RECOVERED = 420

interface Told {
  readonly status: string
  readonly at: bigint
}

interface Sent {
  readonly at: bigint
  readonly status: string
  readonly reason: string
}

/** Buys a little below the best bid every tenth of a second and cancels it a moment later. */
class Prober extends Strategy {
  readonly told: Told[] = []
  readonly sent: Sent[] = []

  override start(): void {
    this.every('100ms')
  }

  override onTimer(): void {
    const price = Math.floor(this.book.bestBid - 50)
    if (!Number.isFinite(price)) return
    const order = this.buy({ price, size: 0.001 })
    this.sent.push({ at: this.nowNs, status: order.status, reason: order.reason })
    if (order.isOpen) this.cancel(order)
  }

  override onBookStatus(status: string): void {
    this.told.push({ status, at: this.nowNs })
  }
}

describeWithData('a gap in a real capture', () => {
  const folder = new TestFolder()
  const whole = folder.newStore()
  const broken = folder.newStore()
  let sound: ImportResult
  let result: ImportResult
  let run: RunResult
  let prober: Prober

  beforeAll(async () => {
    const lines = await firstLines(sharedPath(`${CAPTURE}.gz`), LINES)
    const importOf = async (store: string, name: string, text: string[]): Promise<ImportResult> => {
      const files = [folder.write(name, `${text.join('\n')}\n`)]
      return await importCapture({ format: 'binance', files, instrument, store, fixClock: true })
    }
    sound = await importOf(whole, 'sound.txt', lines)
    const depth = lines.flatMap((line, i) => (line.includes('"depthUpdate"') ? [i] : []))
    const planted = [...lines]
    const recovered = depth[RECOVERED]!
    planted.splice(recovered + 1, 0, snapshotLine(whole, lines[recovered]!))
    planted.splice(depth[LOST]!, 1)
    result = await importOf(broken, 'broken.txt', planted)
    const cerebro = new Cerebro()
    cerebro.addData(await LobFeed.open(broken, { symbol: 'BTCUSDT' }), {
      latency: constantLatency({ entry: '1ms', response: '1ms' }),
      queue: powerProbQueue(3),
    })
    cerebro.addStrategy(Prober)
    ;[run] = (await cerebro.run()) as [RunResult]
    prober = run.strategy as Prober
  })

  it('is told by the import, and the book at the end is that of the whole capture', () => {
    expect([sound.gaps, result.gaps]).toEqual([0, 1])
    expect(result.warnings.some((text) => /does not follow .* stale from here/.test(text))).toBe(
      true,
    )
    expect(result.final).toEqual(sound.final)
  })

  it('is found by the check of the store, with its time', () => {
    expect(verifyStore(whole)).toMatchObject({ gaps: 0, verdict: 'ok' })
    const report = verifyStore(broken)
    expect(report).toMatchObject({ gaps: 1, verdict: 'biased' })
    expect(report.symbols[0]!.facts).toMatchObject({ openGaps: 0, staleSpans: { count: 1 } })
    expect(report.reasons[0]).toMatch(/^the book is stale behind gaps for 1\d(\.\d)?% of the time/)
  })

  it('is told to the strategy when it comes and when it is over', () => {
    const { staleSpans } = verifyStore(broken).symbols[0]!.facts
    const [stale] = staleSpans.list
    const index = prober.told.findIndex(({ status }) => status === 'stale')
    expect(prober.told.slice(index, index + 2)).toEqual([
      { status: 'stale', at: stale!.fromNs },
      { status: 'live', at: stale!.toNs },
    ])
    expect(prober.told.filter(({ status }) => status === 'stale')).toHaveLength(1)
  })

  it('lets no order out that adds risk, and all orders before and behind', () => {
    const [stale] = verifyStore(broken).symbols[0]!.facts.staleSpans.list
    const during = prober.sent.filter(({ at }) => at >= stale!.fromNs && at < stale!.toNs)
    const others = prober.sent.filter(({ at }) => at < stale!.fromNs || at > stale!.toNs)
    expect(during.length).toBeGreaterThan(30)
    expect(new Set(during.map(({ status, reason }) => `${status}: ${reason}`))).toEqual(
      new Set(['rejected: the book is stale; only orders that reduce the position may leave']),
    )
    expect(others.length).toBeGreaterThan(200)
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['submitted']))
    expect(run.record.fills.length).toBe(0)
  })

  /** A snapshot of the venue's book right behind a depth update, as REST would have answered. */
  function snapshotLine(store: string, line: string): string {
    const [time = '', json = ''] = line.split(/ (.*)/s)
    const { data } = JSON.parse(json) as { data: { u: number; E: number; T: number } }
    const rows = loadRows(store, 'BTCUSDT')
    const info = openStore(store).select({ symbol: 'BTCUSDT', kind: 'l2' })[0]!
    const book = new OrderBook(new Instrument(info.instrument))
    let row = 0
    while (row < rows.length && rows.seq[row] !== data.u) row++
    while (row < rows.length && rows.seq[row] === data.u) row++
    book.apply(rows, 0, row)
    expect(book.seqNum).toBe(data.u)
    const { bids, asks } = book.snapshot()
    const levels = (side: typeof bids): string[][] =>
      side.map(({ price, volume }) => [price.toFixed(1), volume.toFixed(3)])
    const { u: lastUpdateId, E, T } = data
    return `${time} ${JSON.stringify({ lastUpdateId, E, T, bids: levels(bids), asks: levels(asks) })}`
  }
})

async function firstLines(path: string, count: number): Promise<string[]> {
  const cursor = await LineCursor.open(path)
  const lines: string[] = []
  try {
    while (lines.length < count && (await cursor.advance())) {
      for (; cursor.ready > 0 && lines.length < count; cursor.step()) lines.push(cursor.text())
    }
  } finally {
    await cursor.close()
  }
  return lines
}
