/**
 * The exponent that hftbacktest was run with, found again in the fills that it gave: 1,674 scripted
 * orders over a real Binance capture, no partial fill. See the README of the reference files.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importCapture } from '../../src/feed/index.ts'
import { memoryTape, type EventTape } from '../../src/market/index.ts'
import { openStore } from '../../src/store/index.ts'
import {
  NO_STEP,
  endSteps,
  fitQueueExponent,
  observeOrders,
  parseQueueModel,
  predictFill,
  type PowerFamily,
  type RestingOrderFate,
} from '../../src/venue/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

const folder = 'acceptance/hftbacktest/usdm_btcusdt_20240808'
const LATENCY_NS = 5_000_000n

/** Reads a table without its header. */
function rowsOf(bytes: Buffer): string[][] {
  return bytes
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
}

/** Returns the orders that came to rest at the peer's exchange, and how they ended there. */
function restingFates(config: string, epochNs: bigint): RestingOrderFate[] {
  const sent = rowsOf(readFileSync(sharedPath(`${folder}.orders.csv`)))
  const ends = rowsOf(gunzipSync(readFileSync(sharedPath(`${folder}.${config}.nopartial.csv.gz`))))
  const endOf = new Map(ends.map((row) => [row[0], row]))
  const time = (unixNs: bigint): number => Number(unixNs - epochNs)
  return sent.flatMap(([id, localNs, side, tick, lots]) => {
    const [, status, , , , maker, exchNs] = endOf.get(id!)!
    const isFilled = status === 'Filled'
    if ((isFilled && maker === '0') || status === 'Expired') return []
    const endTime = time(BigInt(exchNs!))
    return {
      side: side === '1' ? 1 : -1,
      tick: Number(tick),
      lots: Number(lots),
      acceptTime: time(BigInt(localNs!) + LATENCY_NS),
      fillTime: isFilled ? endTime : Number.NaN,
      endTime: status === 'New' ? Number.POSITIVE_INFINITY : endTime,
    }
  })
}

describeWithData('calibrating on the fills of hftbacktest', () => {
  let dir = ''
  let tape: EventTape
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lobtrader-calibration-'))
    const store = join(dir, 'store')
    await importCapture({
      format: 'hftbacktest',
      files: [sharedPath(`${folder}.events.npz`)],
      instrument: sharedPath('data/binance/usdm_btcusdt_20240808.instrument.json'),
      symbols: ['BTCUSDT'],
      store,
    })
    const stored = openStore(store)
    tape = memoryTape(stored.loadJoined(stored.partitions()))
  }, 60_000)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it.each([
    ['power-prob-3', 'power-prob'],
    ['power-prob2-3', 'power-prob2'],
    ['power-prob3-3', 'power-prob3'],
  ] as const)(
    'holds the exponent 3 of %s in its interval',
    (config, family: PowerFamily) => {
      const observed = observeOrders(tape, restingFates(config, tape.epochNs))
      const model = parseQueueModel(`${family}:3`)
      const foretold = observed.filter((one) => {
        const step = predictFill(model, one)
        const { from, to } = endSteps(one)
        return one.isFilled ? step >= from && step < to : step === NO_STEP || step >= to
      })
      const fit = fitQueueExponent(observed, { family })
      process.stdout.write(
        `${config}: ${foretold.length} of ${observed.length} ends foretold, ${fit.observations} tell of the exponent: ${fit.exponent.toFixed(2)} (${fit.low.toFixed(2)} to ${fit.high.toFixed(2)})\n`,
      )
      expect(observed.length).toBeGreaterThan(500)
      expect(foretold.length).toBe(observed.length)
      expect(fit.low).toBeLessThanOrEqual(3)
      expect(fit.high).toBeGreaterThanOrEqual(3)
    },
    180_000,
  )
})
