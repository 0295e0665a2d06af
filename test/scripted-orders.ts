/** The scripted orders over a real capture that other programs were given too. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Strategy, type StrategyClass } from '../src/engine/index.ts'
import { importCapture } from '../src/feed/index.ts'
import type { Order } from '../src/order/index.ts'
import { sharedPath } from './shared-data.ts'

/** Where their files begin. */
const folder = 'acceptance/hftbacktest/usdm_btcusdt_20240808'

/** One order of the script; times are Unix ns of the local clock. */
export interface Scripted {
  readonly id: number
  readonly time: bigint
  readonly side: number
  readonly tick: number
  readonly lots: number
  readonly tif: 'GTC' | 'GTX' | 'FOK' | 'IOC'
  readonly isMarket: boolean
  readonly cancelTime: bigint
}

/** The fields of a CSV file's rows, without its header. */
function rows(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
}

/** Reads the script. */
export function scripted(): Scripted[] {
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
export function replayer(script: readonly Scripted[], sent: Map<number, Order>): StrategyClass {
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
            ? { size, tif: row.tif === 'GTX' ? ('GTC' as const) : row.tif }
            : { size, tif: row.tif, price: this.instrument.price(row.tick) }
          sent.set(row.id, row.side > 0 ? this.buy(options) : this.sell(options))
        }
      }
      this.#arm()
    }
  } as unknown as StrategyClass
}

/** Imports the capture into a new store and returns its folder. */
export async function importScripted(): Promise<string> {
  const store = mkdtempSync(join(tmpdir(), 'lobtrader-scripted-'))
  await importCapture({
    format: 'hftbacktest',
    files: [sharedPath(`${folder}.events.npz`)],
    instrument: sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json'),
    symbols: ['BTCUSDT'],
    store,
  })
  return store
}
