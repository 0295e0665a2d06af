/**
 * The same 1,674 scripted orders through our simulator and through hftbacktest 0.9.4: every order's
 * final status, price, maker flag and exchange time. The reference files were made by that program;
 * see their README.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cerebro, Strategy, type RunResult, type StrategyClass } from '../../src/engine/index.ts'
import { LobFeed, importCapture } from '../../src/feed/index.ts'
import type { Order } from '../../src/order/index.ts'
import { constantLatency, parseQueueModel } from '../../src/venue/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

const folder = 'acceptance/hftbacktest/usdm_btcusdt_20240808'

interface Scripted {
  readonly id: number
  readonly time: bigint
  readonly side: number
  readonly tick: number
  readonly lots: number
  readonly tif: 'GTC' | 'GTX' | 'FOK' | 'IOC'
  readonly isMarket: boolean
  readonly cancelTime: bigint
}

function rows(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
}

function scripted(): Scripted[] {
  return rows(readFileSync(sharedPath(`${folder}.orders.csv`), 'utf8')).map((r) => ({
    id: Number(r[0]),
    time: BigInt(r[1]!),
    side: Number(r[2]),
    tick: Number(r[3]),
    lots: Number(r[4]),
    tif: (['GTC', 'GTX', 'FOK', 'IOC'] as const)[Number(r[5])]!,
    isMarket: r[6] === '1',
    cancelTime: BigInt(r[7]!),
  }))
}

/** Sends each order at its time and cancels it at its time if nothing is pending on it. */
function replayer(script: readonly Scripted[], sent: Map<number, Order>): StrategyClass {
  const actions = script.flatMap((row) => [
    { time: row.time, isCancel: 0, row },
    ...(row.cancelTime > 0n ? [{ time: row.cancelTime, isCancel: 1, row }] : []),
  ])
  actions.sort((a, b) =>
    a.time !== b.time ? (a.time < b.time ? -1 : 1) : a.isCancel - b.isCancel || a.row.id - b.row.id,
  )
  return class Replayer extends Strategy {
    #next = 0
    override start(): void {
      this.#arm()
    }
    #arm(): void {
      const action = actions[this.#next]
      if (action === undefined) return
      this.after(Number(action.time - this.nowNs), () => this.#act())
    }
    #act(): void {
      for (; actions[this.#next]?.time === this.nowNs; this.#next++) {
        const { row, isCancel } = actions[this.#next]!
        if (isCancel === 1) {
          const order = sent.get(row.id)!
          if (order.isOpen && !order.isPending) this.cancel(order)
        } else {
          const size = this.instrument.size(row.lots)
          const options = row.isMarket
            ? { size, tif: row.tif }
            : { size, tif: row.tif, price: this.instrument.price(row.tick) }
          sent.set(row.id, row.side > 0 ? this.buy(options) : this.sell(options))
        }
      }
      this.#arm()
    }
  } as unknown as StrategyClass
}

const STATUS = {
  filled: 'Filled',
  cancelled: 'Canceled',
  expired: 'Expired',
  accepted: 'New',
} as const

describeWithData('1,674 scripted orders against hftbacktest, no partial fill', () => {
  let store = ''
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'lobtrader-hft-'))
    await importCapture({
      format: 'hftbacktest',
      files: [sharedPath(`${folder}.events.npz`)],
      instrument: sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json'),
      symbols: ['BTCUSDT'],
      store,
    })
  })
  afterAll(() => rmSync(store, { recursive: true, force: true }))

  it.each([
    ['risk-averse', 'risk-averse', -8163, 6494.04814437],
    ['log-prob', 'log-prob', -7864, 6492.39043393],
    ['log-prob2', 'log-prob2', -8068, 6493.07569195],
    ['power-prob:3', 'power-prob-3', -7964, 6492.76697039],
    ['power-prob2:3', 'power-prob2-3', -7915, 6491.59762874],
    ['power-prob3:3', 'power-prob3-3', -8163, 6494.0172689],
  ])('%s', async (queue, file, positionLots, fees) => {
    const sent = new Map<number, Order>()
    const cerebro = new Cerebro()
    cerebro.addData(await LobFeed.open(store, { symbol: 'BTCUSDT' }), {
      latency: constantLatency({ entry: '5ms', response: '5ms' }),
      queue: parseQueueModel(queue),
      fees: { makerBps: -0.5, takerBps: 7 },
    })
    cerebro.addStrategy(replayer(scripted(), sent))
    const [result] = (await cerebro.run()) as [RunResult]
    const expected = rows(
      gunzipSync(readFileSync(sharedPath(`${folder}.${file}.nopartial.csv.gz`))).toString(),
    )
    const { fills, epochNs } = result.record
    const makers = new Map<number, boolean>()
    for (let i = 0; i < fills.length; i++) makers.set(fills.orderId[i]!, fills.maker[i] === 1)
    const differences: string[] = []
    for (const [id, status, price, , , maker, exchTime] of expected) {
      const order = sent.get(Number(id))!
      const last = Number.isNaN(order.doneExch) ? order.acceptExch : order.doneExch
      const ours = [
        STATUS[order.status as keyof typeof STATUS],
        order.status === 'filled' ? order.filledTickLots / order.filledLots : 0,
        makers.get(order.id) === true ? 1 : 0,
        epochNs + BigInt(last),
      ].join(' ')
      const theirs = [status, Number(price), Number(maker), exchTime].join(' ')
      if (ours !== theirs) differences.push(`order ${id}: ours ${ours}, theirs ${theirs}`)
    }
    expect(differences.slice(0, 10)).toEqual([])
    expect(expected.length).toBe(1674)
    expect(Math.round(result.record.totals.position * 1000)).toBe(positionLots)
    expect(result.record.totals.fees).toBeCloseTo(fees, 6)
  })
})
