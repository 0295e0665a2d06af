import { expect, it } from 'vitest'
import { captureLines } from '../../../test/capture-lines.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { BitstampGate, CoinbaseProductGate } from './crypto-gates.ts'
import { BinanceFuturesGate } from './sequence-gate.ts'

const capture = (name: string): string => sharedPath(`data/websocket_captures/${name}`)

interface BinanceDepth {
  readonly e: string
  readonly s: string
  readonly U: number
  readonly u: number
  readonly pu: number
}

describeWithData('real streams', () => {
  it('of Binance COIN-M: 2,047 updates of ten books, each linked to the one before', async () => {
    const gates = new Map<string, BinanceFuturesGate>()
    for await (const { json } of captureLines(capture('BINANCE_DELIVERY.ws.1.0.gz'))) {
      const { data } = JSON.parse(json) as { data?: BinanceDepth }
      if (data?.e !== 'depthUpdate') continue
      const gate = gates.get(data.s) ?? new BinanceFuturesGate()
      if (!gates.has(data.s)) {
        gates.set(data.s, gate)
        // The first update of a book has none before it in the capture: it joins at its own pu.
        gate.onSnapshot(data.pu)
      }
      expect(gate.onDelta(data.U, data.u, data.pu)).toBe('apply')
    }
    const counts = [...gates.values()].map((gate) => gate.counts)
    expect(counts).toHaveLength(10)
    expect(counts.reduce((sum, { applied }) => sum + applied, 0)).toBe(2047)
    expect(counts.every(({ gaps, duplicates }) => gaps + duplicates === 0)).toBe(true)
  })

  it('of Coinbase: 97 matches whose trade ids have no hole and whose sequences only rise', async () => {
    const gates = new Map<string, CoinbaseProductGate>()
    const sequences = new Map<string, number>()
    let matches = 0
    for await (const { json } of captureLines(capture('COINBASE.ws.28.0.gz'))) {
      const message = JSON.parse(json) as {
        type: string
        product_id: string
        trade_id: number
        sequence: number
      }
      const product = message.product_id
      if (message.type === 'last_match') {
        const gate = new CoinbaseProductGate()
        gate.onSnapshot(message.trade_id)
        gates.set(product, gate)
      } else if (message.type === 'match') {
        expect(gates.get(product)?.onDelta(message.trade_id, message.trade_id)).toBe('apply')
        expect(message.sequence).toBeGreaterThan(sequences.get(product) ?? -1)
        matches++
      } else continue
      sequences.set(product, message.sequence)
    }
    expect([gates.size, matches]).toEqual([10, 97])
  })

  it('of Bitstamp: ten REST books join their diffs, none repeated or out of order', async () => {
    const updates = new Map<string, number[]>()
    for await (const { json } of captureLines(capture('BITSTAMP.ws.1.0.gz'))) {
      const { event, channel, data } = JSON.parse(json) as {
        event: string
        channel: string
        data: { microtimestamp: string }
      }
      const pair = channel.split('_').at(-1) ?? ''
      if (event !== 'data') continue
      updates.set(pair, [...(updates.get(pair) ?? []), Number(data.microtimestamp)])
    }
    let books = 0
    const sums = { applied: 0, held: 0, duplicates: 0, reordered: 0, gaps: 0 }
    for await (const { source, json } of captureLines(capture('BITSTAMP.http.0.0.gz'))) {
      const pair = source.split('/').at(-1) ?? ''
      if (!source.includes('/order_book/')) continue
      const gate = new BitstampGate()
      const times = updates.get(pair) ?? []
      if (times[0] !== undefined) gate.onDelta(times[0], times[0])
      const { microtimestamp } = JSON.parse(json) as { microtimestamp: string }
      expect(gate.onSnapshot(Number(microtimestamp))).toBe('apply')
      books++
      for (const time of times) gate.onDelta(time, time)
      for (const name of ['applied', 'held', 'duplicates', 'reordered', 'gaps'] as const) {
        sums[name] += gate.counts[name]
      }
    }
    expect(books).toBe(10)
    expect(sums.applied + sums.held).toBe(717)
    expect([sums.duplicates, sums.reordered, sums.gaps]).toEqual([0, 0, 0])
    expect(sums.applied).toBeGreaterThan(500)
  })
})
