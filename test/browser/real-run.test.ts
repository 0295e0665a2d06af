import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Markout, PnLAttribution } from '../../src/engine/index.ts'
import { LobFeed, simulateMarket } from '../../src/feed/index.ts'
import { Cerebro, type RunJson } from '../../src/report/index.ts'
import { AvellanedaStoikov } from '../../src/strategy/index.ts'
import { constantLatency, powerProbQueue } from '../../src/venue/index.ts'
import { colorsOf, drag, hasBrowser, launch, openReport, shownBy } from './open-page.ts'

const root = mkdtempSync(join(tmpdir(), 'lobtrader-run-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Two minutes of a market maker in the built-in market. */
async function run(): Promise<Awaited<ReturnType<Cerebro['run']>>[0]> {
  const market = simulateMarket({ seed: 3, durationNs: 120e9 })
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(market.instrument, market.events, { source: 'test' }), {
    latency: constantLatency({ entry: '1ms', response: '1ms' }),
    queue: powerProbQueue(3),
    fees: { makerBps: -0.5, takerBps: 7 },
  })
  cerebro.addStrategy(AvellanedaStoikov, { orderSize: 0.1 })
  cerebro.addAnalyzer(PnLAttribution)
  cerebro.addAnalyzer(Markout, { horizons: ['1s', '5s'] })
  const [result] = await cerebro.run({ seed: 1 })
  return result!
}

describe('a run of the engine', () => {
  test('is reported whole: causes add up, tables have every row, the summary and the files agree', async () => {
    const result = await run()
    const { record } = result
    expect(record.fills.length).toBeGreaterThan(20)
    const { spread, inventory, fees, funding, residual } = result.analysis(PnLAttribution)
    expect(Math.abs(residual)).toBeLessThan(1e-9)
    expect(Math.abs(spread! + inventory! - fees + funding - record.totals.net)).toBeLessThan(1e-9)
    const files = await result.report(join(root, 'whole'))
    const json = JSON.parse(readFileSync(files.json, 'utf8')) as RunJson
    expect(json.runHash).toBe(result.runHash)
    expect(json.pnl.net).toBe(record.totals.net)
    expect(json.markoutBps['5s']).toBe(result.analysis(Markout).horizons[1]!.all.mean)
    const rows = (file: string): number =>
      readFileSync(file, 'utf8').trimEnd().split('\n').length - 1
    expect([rows(files.fills), rows(files.orders)]).toEqual([json.fills, json.orders])
    expect(result.summary()).toContain(record.runHash)
  })

  test.skipIf(!hasBrowser)('its page draws and zooms', async () => {
    const files = await (await run()).report(join(root, 'page'))
    const browser = await launch()
    try {
      const { page, faults, requests } = await openReport(browser, files.html)
      for (const chart of ['equity', 'price', 'inventory', 'book', 'markout']) {
        expect(await colorsOf(page, `[data-chart="${chart}"] canvas`), chart).toBeGreaterThan(8)
      }
      await drag(page, 'book', { from: 0.5, to: 0.75 })
      for (const { from, to } of await shownBy(page)) expect(to - from).toBeCloseTo(30, 0)
      expect(faults).toEqual([])
      expect(requests).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
