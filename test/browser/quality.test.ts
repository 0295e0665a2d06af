import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QualityMeter } from '../../src/feed/quality/quality-meter.ts'
import { BadRows } from '../../src/feed/quality/bad-rows.ts'
import { qualityReport } from '../../src/feed/quality/quality-report.ts'
import { DataError } from '../../src/core/index.ts'
import { writeQualityPage } from '../../src/report/index.ts'
import { TestFolder } from '../import-support.ts'
import { Tape, unitInstrument } from '../tape.ts'
import { hasBrowser, launch } from './open-page.ts'

const SECOND = 1e9

/** A report on rows with two crossings, a gap and a pause, and on one bad row with markup in it. */
function plantedReport(): ReturnType<typeof qualityReport> {
  const tape = new Tape(2e6)
  tape.snapshot(SECOND, [[1000, 5]], [[1001, 5]])
  for (let i = 1; i <= 600; i++) tape.bid(SECOND + i * 1e8, 1000, 1 + (i % 7))
  const at = 62 * SECOND
  tape.bid(at, 1002, 1).bid(at + 3 * SECOND, 1002, 0)
  tape.bid(at + 4 * SECOND, 1002, 1).bid(at + 5 * SECOND, 1002, 0)
  tape.gap(at + 40 * SECOND).bid(at + 42 * SECOND, 1000, 4)
  const meter = new QualityMeter(unitInstrument)
  meter.append('l2', tape.events())
  meter.finish()
  const badRows = new BadRows()
  badRows.refuse(
    new DataError('BAD_FIELD', 'was "<img src=x onerror=alert(1)>"', { file: 'a.gz', line: 7 }),
  )
  return qualityReport([{ meter, counts: undefined }], {
    source: { type: 'files', format: 'binance', files: ['a.gz'] },
    badRows,
    warnings: ['one note'],
    hasOneClock: true,
  })
}

describe.skipIf(!hasBrowser)('the page of a check of data', () => {
  const folder = new TestFolder()
  const file = join(folder.path, 'quality.html')
  let browser: Browser
  beforeAll(async () => {
    await writeQualityPage(plantedReport(), file)
    browser = await launch()
  })
  afterAll(async () => await browser.close())

  async function opened(width: number, colorScheme: 'light' | 'dark'): Promise<[Page, string[]]> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const faults: string[] = []
    page.on('console', (message) => faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('dialog', (dialog) => {
      faults.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) faults.push(request.url())
    })
    await page.goto(pathToFileURL(file).href)
    return [page, faults]
  }

  it.each([
    [1440, 'light', 'wide'],
    [1440, 'dark', 'wide'],
    [800, 'light', 'middle'],
    [390, 'dark', 'narrow'],
    [390, 'light', 'narrow'],
  ] as const)('fits a window of %d px in %s colours', async (width, scheme, size) => {
    const [page, faults] = await opened(width, scheme)
    expect(faults).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    // One drawing of each chart, in the size of the window.
    const shown: string[] = await page.evaluate(`[...document.querySelectorAll('svg.drawing')]
      .filter((svg) => svg.getBoundingClientRect().width > 0)
      .map((svg) => svg.getAttribute('class'))`)
    expect(shown).toEqual(Array.from({ length: 4 }, () => `drawing ${size}`))
    const ground: string = await page.evaluate(
      'getComputedStyle(document.documentElement).backgroundColor',
    )
    const [red = 0] = /\d+/.exec(ground)?.map(Number) ?? []
    expect(red > 128).toBe(scheme === 'light')
    // No label of an axis is smaller than one can read, or outside of its drawing.
    const outside: number = await page.evaluate(`[...document.querySelectorAll('svg.${size}')]
      .flatMap((svg) => [...svg.querySelectorAll('text')].map((text) => {
        const a = svg.getBoundingClientRect(), b = text.getBoundingClientRect()
        return b.left < a.left - 1 || b.right > a.right + 1 || b.height < 9
      })).filter(Boolean).length`)
    expect(outside).toBe(0)
    await page.close()
  })

  it('marks every span where it lies', async () => {
    const [page] = await opened(1440, 'light')
    const marks = async (kind: string): Promise<{ x: number; width: number }[]> =>
      await page.evaluate(`[...document.querySelectorAll('svg.wide rect.${kind}')]
        .map(({ x, width }) => ({ x: x.baseVal.value, width: width.baseVal.value }))`)
    const [first, second] = await marks('crossed')
    expect(await marks('crossed')).toHaveLength(2)
    expect(first!.width / second!.width).toBeCloseTo(3, 0)
    expect(second!.x).toBeGreaterThan(first!.x + first!.width)
    expect(await marks('stale')).toHaveLength(1)
    expect(await marks('quiet')).toHaveLength(1)
    expect(await marks('locked')).toHaveLength(0)
    expect(await page.textContent('.verdict')).toContain('Biased.')
    await page.close()
  })

  it('shows texts from a file as text, and holds no script', async () => {
    const [page] = await opened(1440, 'light')
    expect(await page.textContent('.named')).toContain('<img src=x onerror=alert(1)>')
    expect(await page.locator('img, script').count()).toBe(0)
    expect(readFileSync(file, 'utf8')).not.toMatch(/https?:\/\//)
    await page.close()
  })
})
