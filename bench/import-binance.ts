/**
 * How fast a raw Binance capture becomes a store: gunzip, JSON, the venue's book procedure, columns,
 * compression and commit, in one number.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Prng } from 'lobtrader/core'
import { importCapture } from 'lobtrader/feed'
import { Instrument } from 'lobtrader/market'
import type { BenchCase } from './bench-case.ts'
import { pythonPeer } from './peer.ts'

const REAL = fileURLToPath(
  new URL('../../shared/data/binance/usdm_btcusdt_20240808.gz', import.meta.url),
)

/** Messages of a made capture, and how they divide, as in the real one. */
const MESSAGES = 93_954
const DEPTH_SHARE = 0.07
const TRADE_SHARE = 0.227
/** Level changes of a depth update. */
const CHANGES_MEAN = 67
const START_NS = 1_723_161_255_000_000_000n
const LATENCY_MS = 5

const INSTRUMENT = new Instrument({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
})

/** Makes a capture like the real one: the same mixture of messages about a wandering market. */
class CaptureMaker {
  readonly #random: Prng
  #middle = 617_000
  #id = 5_123_107_832_006
  #tradeId = 5_266_583_935
  #ms = 0

  constructor(random: Prng) {
    this.#random = random
  }

  make(): string {
    const lines = [this.#snapshot()]
    while (lines.length < MESSAGES) {
      const kind = this.#random.next()
      this.#ms += this.#random.nextInt(8)
      if (kind < DEPTH_SHARE) lines.push(this.#depth())
      else if (kind < DEPTH_SHARE + TRADE_SHARE) lines.push(this.#trade())
      else lines.push(this.#ticker())
    }
    return `${lines.join('\n')}\n`
  }

  #line(message: object): string {
    return `${START_NS + BigInt(this.#ms) * 1_000_000n} ${JSON.stringify(message)}`
  }

  #inStream(channel: string, data: object): string {
    return this.#line({ stream: `btcusdt@${channel}`, data })
  }

  get #time(): number {
    return Number(START_NS / 1_000_000n) + this.#ms - LATENCY_MS
  }

  #price(tick: number): string {
    return (tick / 10).toFixed(2)
  }

  #size(): string {
    return (this.#random.nextInt(5000) / 1000).toFixed(3)
  }

  #snapshot(): string {
    const side = (sign: number): [string, string][] =>
      Array.from({ length: 1000 }, (_, i) => [this.#price(this.#middle + sign * (i + 1)), '1.500'])
    const [E, T] = [this.#time, this.#time]
    return this.#line({ lastUpdateId: this.#id, E, T, bids: side(-1), asks: side(1) })
  }

  #depth(): string {
    const pu = this.#id
    this.#id += 1 + this.#random.nextInt(9000)
    const moved = this.#random.nextInt(7) - 3
    const removed = Array.from({ length: Math.abs(moved) + 1 }, (_, i) => [
      this.#price(this.#middle + Math.sign(moved) * i),
      '0.000',
    ])
    this.#middle += moved
    const levels = (sign: number): string[][] =>
      Array.from({ length: Math.floor(this.#random.nextExponential(CHANGES_MEAN / 2)) }, () => [
        this.#price(this.#middle + sign * (1 + Math.floor(this.#random.nextExponential(200)))),
        this.#size(),
      ])
    const b = moved < 0 ? [...removed, ...levels(-1)] : levels(-1)
    const a = moved < 0 ? levels(1) : [...removed, ...levels(1)]
    const [E, T] = [this.#time, this.#time]
    const ids = { U: pu + 1, u: this.#id, pu }
    return this.#inStream('depth@0ms', { e: 'depthUpdate', E, T, s: 'BTCUSDT', ...ids, b, a })
  }

  #trade(): string {
    const [E, T] = [this.#time, this.#time]
    return this.#inStream('trade', {
      e: 'trade',
      E,
      T,
      s: 'BTCUSDT',
      t: this.#tradeId++,
      p: this.#price(this.#middle),
      q: '0.017',
      X: 'MARKET',
      m: this.#random.next() < 0.5,
    })
  }

  #ticker(): string {
    const [E, T] = [this.#time, this.#time]
    return this.#inStream('bookTicker', {
      e: 'bookTicker',
      u: this.#id,
      s: 'BTCUSDT',
      b: this.#price(this.#middle - 1),
      B: this.#size(),
      a: this.#price(this.#middle + 1),
      A: this.#size(),
      T,
      E,
    })
  }
}

/** Measures messages per second of one import, from the file to the committed store. */
export async function importBinance(): Promise<BenchCase> {
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const isReal = existsSync(REAL)
  const file = isReal ? REAL : join(folder, 'capture.gz')
  if (!isReal) writeFileSync(file, gzipSync(new CaptureMaker(new Prng(1)).make()))
  let runs = 0
  const run = async (): Promise<number> => {
    const store = join(folder, `store-${++runs}`)
    const result = await importCapture({
      format: 'binance',
      files: [file],
      instrument: INSTRUMENT,
      store,
    })
    rmSync(store, { recursive: true })
    if (result.gaps > 0) throw new Error(`the capture has ${result.gaps} gaps`)
    return result.messages / result.seconds
  }
  const first = await run()
  return {
    name: 'import-binance',
    unit: 'messages/s',
    note: `${isReal ? 'the real USD-M capture' : 'a made capture like the real USD-M one'}, ${MESSAGES} messages in one gzip file, to a committed store; the peer writes a compressed array and leaves the ticker out`,
    run,
    details: [`the first import of the process: ${(first / 1e3).toFixed(0)} k messages/s`],
    ...(await pythonPeer('hftbacktest', 'import_binance.py', [file])),
  }
}
