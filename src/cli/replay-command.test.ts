import { describe, expect, test } from 'vitest'
import { instrument, session, temporaryFolder } from '../../test/store-fixture.ts'
import { OrderBook } from '../book/index.ts'
import { EventKind, EventWriter, KIND_MASK, eventCode } from '../market/index.ts'
import { beginImport } from '../store/index.ts'
import { formatInstant } from '../time/index.ts'
import { runProgram } from './program.ts'
import { replayCommand } from './replay-command.ts'
import { ReplayLine } from './replay-line.ts'
import { ReplayTally } from './replay-tally.ts'
import type { Terminal } from './terminal.ts'

const path = temporaryFolder()
const dir = path()
const events = session(3000, 5)
const transaction = beginImport(dir, { instrument })
transaction.append('l2', events)
transaction.commit()
const at = (row: number): string => formatInstant(events.epochNs + BigInt(events.localTime[row]!))

interface Heard {
  out: string
  err: string
}

function listen(isWatched: boolean): { readonly heard: Heard; readonly terminal: Terminal } {
  const heard: Heard = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (heard.out += text),
    err: (text: string) => void (heard.err += text),
    isWatched,
  }
  return { heard, terminal }
}

async function replay(
  args: readonly string[],
  isWatched = false,
): Promise<Heard & { exit: number }> {
  const { heard, terminal } = listen(isWatched)
  const all = ['replay', '--store', dir, '--symbol', 'BTCUSDT', '--speed', 'max', ...args]
  const exit = await runProgram(all, terminal, [replayCommand()])
  return { ...heard, exit }
}

describe('lobtrader replay', () => {
  test('ends with one document: counts, market time, wall time, the final top', async () => {
    const { out, err, exit } = await replay(['--json'])
    expect({ err, exit }).toEqual({ err: '', exit: 0 })
    const { wallNs, ...document } = JSON.parse(out) as Record<string, unknown>
    const book = new OrderBook(instrument)
    book.apply(events, 0, events.length)
    const trades = events.code.filter((code) => (code & KIND_MASK) === EventKind.Trade)
    const last = events.localTime[events.length - 1]!
    expect(document).toEqual({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      speed: 'max',
      events: 3000,
      messages: new Set(events.localTime).size,
      trades: trades.length,
      from: String(events.epochNs + BigInt(events.localTime[0]!)),
      to: String(events.epochNs + BigInt(last)),
      marketNs: last - events.localTime[0]!,
      final: {
        status: book.status,
        bestBid: [book.bestBid, book.bestBidSize],
        bestAsk: [book.bestAsk, book.bestAskSize],
      },
    })
    expect(wallNs).toBeGreaterThan(0)
  })

  test('builds the book from the rows before --from and counts those from there', async () => {
    const { out } = await replay(['--json', '--from', at(1000), '--to', at(2000)])
    const document = JSON.parse(out) as { events: number; final: { bestBid: number[] } }
    const { localTime } = events
    const rows = localTime.filter((time) => time >= localTime[1000]! && time <= localTime[2000]!)
    expect(document.events).toBe(rows.length)
    const book = new OrderBook(instrument)
    book.apply(events, 0, localTime.findLastIndex((time) => time <= localTime[2000]!) + 1)
    expect(document.final.bestBid).toEqual([book.bestBid, book.bestBidSize])
  })

  test('is the same when it streams', async () => {
    const whole = await replay(['--json', '--from', at(700)])
    const streamed = await replay(['--json', '--from', at(700), '--memory', '64MB'])
    const { wallNs: wall1, ...expected } = JSON.parse(whole.out) as Record<string, unknown>
    const { wallNs: wall2, ...found } = JSON.parse(streamed.out) as Record<string, unknown>
    expect(found).toEqual(expected)
    expect(Number(wall1) * Number(wall2)).toBeGreaterThan(0)
  })

  test('tells people the same', async () => {
    const { out, err } = await replay([])
    expect(out).toMatch(
      /^replayed .*BTCUSDT l2.*\nevents +3,000 in [\d,]+ messages, [\d,]+ trades\n/,
    )
    expect(out).toMatch(
      /\nmarket time .*\nwall time .* events\/s\nfinal book .* x .* \| .* x .*\n$/,
    )
    expect(err).toBe('')
  })

  test('takes its time: real time divided by the speed', async () => {
    const to = formatInstant(events.epochNs + BigInt(events.localTime[0]! + 80e6))
    const { out } = await replay(['--json', '--speed', '4x', '--to', to])
    const { speed, marketNs, wallNs } = JSON.parse(out) as Record<string, number>
    expect(speed).toBe(4)
    expect(wallNs).toBeGreaterThanOrEqual(marketNs! / 4)
  })

  test('draws the top of the book over itself where somebody watches, and frees the line', async () => {
    const { out, err } = await replay([], true)
    expect(err.startsWith('\r\u001b[K2024-08-08 ')).toBe(true)
    expect(err).toMatch(/K2024-08-08 [\d:.]+ {2}\S+ x \S+ \| \S+ x \S+ {2}3,000 events/)
    expect(err.endsWith('\r\u001b[K')).toBe(true)
    expect(out).toMatch(/^replayed/)
  })

  test('of a market by order builds the book of orders', async () => {
    const orders = path()
    const writer = new EventWriter(events.epochNs, 4)
    writer.push(1, 1, eventCode(EventKind.OrderAdd, 1), 600_000, 2000, 0, 1)
    writer.push(2, 2, eventCode(EventKind.OrderAdd, -1), 600_001, 500, 1, 2)
    writer.push(3, 3, eventCode(EventKind.OrderCancel, 1), 600_000, 500, 0, 3)
    const importing = beginImport(orders, { instrument })
    importing.append('l3', writer.finish())
    importing.commit()
    const { out } = await replay(['--json', '--store', orders])
    expect(JSON.parse(out)).toMatchObject({
      events: 3,
      final: { bestBid: [60_000, 1.5], bestAsk: [60_000.1, 0.5] },
    })
  })

  test.each([
    [['--speed', '0x'], /--speed "0x" is not a speed; expected a number above 0/],
    [['--speed', '-1'], /--speed "-1" is not a speed/],
    [['--speed', 'fast'], /"fast" is not a speed/],
    [['--memory', '1MB'], /1MB is too small to stream a tape/],
    [['--symbol', 'BTCUSD'], /BTCUSD/],
    [['--from', '2030-01-01'], /2030-01-01/],
    [['--store', 'absent'], /absent/],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { out, err, exit } = await replay(args)
    expect(err).toMatch(sentence)
    expect(err).toMatch(/^lobtrader replay: [^\n]+\n$/)
    expect([out, exit]).toEqual(['', 2])
  })
})

describe('the line of a replay', () => {
  test('is drawn twenty times a second at most', () => {
    const { heard, terminal } = listen(true)
    let now = 0n
    const book = new OrderBook(instrument)
    const line = new ReplayLine(terminal, { book, epochNs: 0n, speed: '1x' }, () => now)
    for (let ms = 0; ms < 200; ms++) {
      now = BigInt(ms) * 1_000_000n
      line.update(ms * 1e6, new ReplayTally())
    }
    expect(heard.err.split('\r').length - 1).toBe(4)
    expect(heard.err).toMatch(/1970-01-01 00:00:00\.150 {2}none \| none {2}0 events/)
  })
})
