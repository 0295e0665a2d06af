import { describe, expect, it } from 'vitest'
import { Instrument } from '../../../market/index.ts'
import type { LineBlock } from '../../input/line-blocks.ts'
import { GridMeter } from '../grid-meter.ts'
import { instrumentGrids, meteredGrids } from './capture-grids.ts'
import { CompiledScanner } from './compiled-scanner.ts'
import { BinanceMessage, MessageKind } from './message.ts'

const instrument = new Instrument({
  venue: 'binance-spot',
  symbol: 'ABCUSDT',
  kind: 'spot',
  base: 'ABC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '1',
})

function scanner(): CompiledScanner {
  return CompiledScanner.of(instrumentGrids(instrument), new BinanceMessage())!
}

function blockOf(lines: readonly string[]): LineBlock {
  const starts = [0]
  for (const line of lines) starts.push(starts.at(-1)! + line.length + 1)
  return {
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
    lines: lines.length,
    starts: Int32Array.from(starts),
    firstLine: 1,
    unterminated: false,
  }
}

const ticker = (id: number): string =>
  `{"u":${id},"s":"ABCUSDT","b":"${id}.25","B":"${id}","a":"${id}.50","A":"7"}`
const snapshot = (levels: number): string => {
  const bids = Array.from({ length: levels }, (_, i) => `["${levels - i}.00","3"]`)
  return `{"lastUpdateId":9,"bids":[${bids.join(',')}],"asks":[]}`
}

describe('CompiledScanner', () => {
  it.each([
    ['1723161256298', 3, 298],
    ['1723161256298123', 6, 298_123],
    ['1723161256298123456', 9, 298_123_456],
  ])('reads the receive time %s', (time, fraction, units) => {
    const lines = scanner()
    expect(lines.read(blockOf([`${time} ${ticker(5)}`]), 0, fraction)).toBe(MessageKind.Ticker)
    expect([lines.second, lines.units]).toEqual([1_723_161_256, units])
  })

  it.each([
    '',
    '1',
    '1723161256298',
    '17231612562981234567',
    '172316125629812345x',
    'x'.repeat(19),
  ])('takes no line that begins with "%s" for one of 19 digits', (time) => {
    const block = blockOf([`${time} ${ticker(5)}`, `1723161256298123456 ${ticker(6)}`])
    expect(scanner().read(block, 0, 9)).toBe(-1)
  })

  it('reads more lines than its memory holds, in any order', () => {
    const count = 20_000
    const block = blockOf(
      Array.from({ length: count }, (_, i) => `1723161256298123456 ${ticker(i + 1)}`),
    )
    expect(block.bytes.length).toBeGreaterThan(1_500_000)
    const lines = scanner()
    const order = Array.from({ length: count }, (_, i) => i).concat(0, count - 1, 7, 12_345)
    const wrong = order.filter((line) => {
      const id = line + 1
      const kind = lines.read(block, line, 9)
      const { lastId, bidTick, bidLots, askTick } = lines.message
      const isRight = lastId === id && bidTick === id * 100 + 25 && bidLots === id
      return !(kind === MessageKind.Ticker && isRight && askTick === id * 100 + 50)
    })
    expect(wrong).toEqual([])
  })

  it('reads the lines of the next block, not those that it holds', () => {
    const lines = scanner()
    lines.read(blockOf([`1723161256298123456 ${ticker(1)}`]), 0, 9)
    lines.forget()
    lines.read(blockOf([`1723161256298123456 ${ticker(2)}`]), 0, 9)
    expect(lines.message.lastId).toBe(2)
  })

  it('leaves a line longer than its memory, and more levels than it has room for', () => {
    const lines = scanner()
    const long = `1723161256298123456 {"x":"${'y'.repeat(400_000)}",${ticker(3).slice(1)}`
    const block = blockOf([long, `1723161256298123456 ${ticker(4)}`])
    expect(lines.read(block, 0, 9)).toBe(-1)
    expect(lines.read(block, 1, 9)).toBe(MessageKind.Ticker)
    expect(lines.message.lastId).toBe(4)
    const full = blockOf([8192, 8193].map((n) => `1723161256298123456 ${snapshot(n)}`))
    lines.forget()
    expect(lines.read(full, 0, 9)).toBe(MessageKind.Snapshot)
    expect(lines.message.bids.count).toBe(8192)
    expect(lines.message.bids.ticks[8191]).toBe(100)
    expect(lines.read(full, 1, 9)).toBe(0)
  })

  it('is not for grids that are only being measured', () => {
    const grids = meteredGrids(new GridMeter(), 'ABCUSDT')
    expect(CompiledScanner.of(grids, new BinanceMessage())).toBeUndefined()
  })
})
