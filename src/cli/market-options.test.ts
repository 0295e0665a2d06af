import { describe, expect, it } from 'vitest'
import { readFees } from './fees-option.ts'
import { readLatency } from './latency-option.ts'
import { memoryShare, readForEach, readMarkets } from './market-options.ts'

const markets = readMarkets(['BTCUSDT', 'okx:BTC-USDT', 'okx:BTCUSDT'], 'binance')
const [first, second, third] = markets

describe('--symbol', () => {
  it('takes a venue before a colon, and else that of --venue', () => {
    expect(markets).toEqual([
      { symbol: 'BTCUSDT', venue: 'binance' },
      { symbol: 'BTC-USDT', venue: 'okx' },
      { symbol: 'BTCUSDT', venue: 'okx' },
    ])
  })

  it.each([
    [['a:b:c'], 'expected SYMBOL or venue:SYMBOL'],
    [[':BTC'], 'expected SYMBOL or venue:SYMBOL'],
    [['okx:'], 'expected SYMBOL or venue:SYMBOL'],
    [['A', 'B', 'A'], '--symbol A is given twice'],
  ])('refuses %j', (texts, message) => {
    expect(() => readMarkets(texts, undefined)).toThrow(message)
  })
})

it('shares memory evenly, and says when a share is too small', () => {
  expect(memoryShare('100MB', 4)).toBe(25e6)
  expect(() => memoryShare('30MB', 2)).toThrow('leaves 15MB to each of 2 instruments')
})

describe('an option for each instrument', () => {
  const latencies = (...texts: string[]): ((market: (typeof markets)[number]) => string) => {
    const of = readForEach('--latency', texts, { markets, otherwise: '1ms,1ms', read: readLatency })
    return (market) => of(market).name
  }

  it('counts for all, or for the most exact name', () => {
    const of = latencies('2ms,2ms', 'okx=3ms,3ms', 'BTCUSDT=4ms,4ms', 'okx:BTCUSDT=5ms,5ms')
    expect([first, second, third].map((market) => of(market!).slice(0, 12))).toEqual([
      'constant 4ms',
      'constant 3ms',
      'constant 5ms',
    ])
    expect(latencies()(first!)).toContain('constant 1ms')
  })

  it('tells the parts of a value from names', () => {
    const read = readForEach('--fees', ['maker=1bps,taker=2bps', 'okx=taker=7bps,maker=0bps'], {
      markets,
      otherwise: 'maker=0bps,taker=0bps',
      read: readFees,
    })
    expect([read(first!).name, read(second!).name]).toEqual([
      'maker 1 bps, taker 2 bps',
      'maker 0 bps, taker 7 bps',
    ])
  })

  it('says whom it does not know, with the nearest name', () => {
    expect(() => latencies('BTCUSD=1ms,1ms')).toThrow(
      /names BTCUSD, which is none of the instruments.*did you mean "BTCUSDT"/,
    )
    expect(() => latencies('fast')).toThrow(/"fast" is not a latency/)
  })
})
