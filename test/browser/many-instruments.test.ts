/** The report of a run over several instruments: one page for all, one for each. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Strategy, type RunRecord } from '../../src/engine/index.ts'
import { LobFeed, simulateMarket } from '../../src/feed/index.ts'
import { Instrument } from '../../src/market/index.ts'
import { Cerebro, writeReport, type RunJson } from '../../src/report/index.ts'
import { AvellanedaStoikov } from '../../src/strategy/index.ts'
import { colorsOf, hasBrowser, launch, openReport } from './open-page.ts'

/** Buys and sells on both venues in turn. */
class Both extends Strategy {
  #turn = 0
  override start(): void {
    this.every('500ms')
  }
  override onTimer(): void {
    const data = this.datas[this.#turn % 2]!
    if (this.#turn++ % 4 < 2) this.buy({ data, size: 0.1 })
    else this.sell({ data, size: 0.1 })
  }
}

/** A run over one market at two venues with different price grids. */
async function run(): Promise<readonly RunRecord[]> {
  const { instrument, events } = simulateMarket({ seed: 3, durationNs: 30e9 })
  const other = new Instrument({ ...instrument.spec, venue: 'other', symbol: 'OTHER' })
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(instrument, events))
  cerebro.addData(LobFeed.fromEvents(other, events), { fees: { makerBps: -1, takerBps: 2 } })
  cerebro.addStrategy(Both)
  cerebro.addStrategy(AvellanedaStoikov, { orderSize: 0.1 })
  const results = await cerebro.run()
  return results.map(({ record }) => record)
}

describe.skipIf(!hasBrowser)('the pages of several instruments', () => {
  let browser: Browser
  let root: string
  let records: readonly RunRecord[]
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'lobtrader-many-'))
    browser = await launch()
    records = await run()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    rmSync(root, { recursive: true, force: true })
  })

  test('lead from all instruments to each and back, and name the instrument of each fill', async () => {
    const { html, json, fills } = await writeReport(records[0]!, join(root, 'both'))
    const { page, faults, requests } = await openReport(browser, html)
    expect(await colorsOf(page, '[data-chart="equity"] canvas')).toBeGreaterThan(8)
    expect(await page.locator('[data-chart="price"]').count()).toBe(0)
    expect(await page.locator('#instruments tbody tr').count()).toBe(2)
    expect(await page.locator('#fill-list thead').textContent()).toContain('Instrument')
    await page.locator('#fill-list input').fill('oth')
    const names = await page.locator('#fill-list tbody td:nth-child(2)').allTextContents()
    expect(new Set(names)).toEqual(new Set(['OTHER']))
    await page.locator('#instruments a').first().click()
    await page.locator('html[data-ready="true"]').waitFor()
    expect(await colorsOf(page, '[data-chart="price"] canvas')).toBeGreaterThan(8)
    expect(await page.locator('h1').textContent()).toBe('Both')
    await page.getByRole('link', { name: 'all instruments' }).click()
    await page.locator('#instruments').waitFor()
    expect(faults).toEqual([])
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([])
    await page.close()
    const document = JSON.parse(readFileSync(json, 'utf8')) as RunJson
    expect(document.instruments.map(({ symbol }) => symbol)).toEqual(['OTHER', 'SIM'])
    const sum = document.instruments.reduce((net, each) => net + each.pnl.net, 0)
    expect(sum).toBeCloseTo(document.pnl.net, 9)
    const rows = readFileSync(fills, 'utf8').trimEnd().split('\n')
    expect(rows[0]).toMatch(/^orderId,symbol,venue,side/)
    expect(rows.length - 1).toBe(document.fills)
    expect(existsSync(join(dirname(html), '1-other-OTHER.html'))).toBe(true)
  })

  test('a strategy that trades one of them leaves the page of the other empty, not broken', async () => {
    const { html } = await writeReport(records[1]!, join(root, 'one'))
    const { page, faults } = await openReport(browser, html)
    await page.locator('#instruments a').first().click()
    await page.locator('html[data-ready="true"]').waitFor()
    expect(await page.locator('#fault').isVisible()).toBe(false)
    expect(await page.locator('.notice').first().textContent()).toContain('No fills')
    expect(faults).toEqual([])
    await page.close()
  })
})
