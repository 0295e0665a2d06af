import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunRecord } from '../../src/engine/index.ts'
import { writeReport } from '../../src/report/index.ts'
import { INVERSE, handRun } from '../run-record-fixture.ts'
import { sessionRun } from '../session-fixture.ts'
import { colorsOf, drag, hasBrowser, launch, openReport, shownBy } from './open-page.ts'

if (!hasBrowser && process.env['CI'] === 'true') {
  throw new Error('a Chromium is expected when CI=true: apt-get install chromium')
}

const CHARTS = ['equity', 'price', 'inventory', 'book', 'markout']
const session = sessionRun({ samples: 600 })

describe.skipIf(!hasBrowser)('the page in a browser', () => {
  let browser: Browser
  let root: string
  let written = 0
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'lobtrader-page-'))
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(root, { recursive: true, force: true })
  })
  const open = async (
    run: RunRecord = session,
    options: Parameters<typeof openReport>[2] = {},
  ): ReturnType<typeof openReport> => {
    const { html } = await writeReport(run, join(root, String(written++)))
    return await openReport(browser, html, options)
  }

  test.each(['light', 'dark'] as const)(
    'draws every chart, asks nobody, reports no fault: %s',
    async (colorScheme) => {
      const { page, faults, requests } = await open(session, { colorScheme })
      for (const chart of CHARTS) {
        expect(await colorsOf(page, `[data-chart="${chart}"] canvas`), chart).toBeGreaterThan(8)
      }
      expect(await page.locator('[data-chart] canvas').count()).toBe(CHARTS.length + 1)
      expect(await page.locator('#fault').isVisible()).toBe(false)
      expect(faults).toEqual([])
      expect(requests).toEqual([])
      await page.close()
    },
  )

  test('a drag zooms every chart over time alike, a double click shows the whole run', async () => {
    const { page, faults } = await open()
    const whole = await shownBy(page)
    expect(whole).toHaveLength(5)
    await drag(page, 'price', { from: 0.25, to: 0.5 })
    const zoomed = await shownBy(page)
    const span = whole[0]!.to - whole[0]!.from
    for (const chart of zoomed) {
      expect(chart.from).toBeCloseTo(whole[0]!.from + span * 0.25, 0)
      expect(chart.to).toBeCloseTo(whole[0]!.from + span * 0.5, 0)
    }
    expect(await page.locator('.window').textContent()).toMatch(/2m 30s/)
    await page.locator('[data-chart="book"] .u-over').dblclick()
    expect(await shownBy(page)).toEqual(whole)
    expect(faults).toEqual([])
    await page.close()
  })

  test('shift-drag, wheel, keys and buttons pan and zoom', async () => {
    const { page } = await open()
    const span = async (): Promise<number> => {
      const [first] = await shownBy(page)
      return first!.to - first!.from
    }
    const whole = await span()
    await page.locator('[data-action="zoom-in"]').click()
    expect(await span()).toBeCloseTo(whole / 2, 6)
    const [before] = await shownBy(page)
    await drag(page, 'price', { from: 0.6, to: 0.4, holds: 'Shift' })
    const [after] = await shownBy(page)
    expect(after!.from - before!.from).toBeCloseTo(whole * 0.1, 0)
    expect(after!.to - after!.from).toBeCloseTo(whole / 2, 6)
    await page.locator('[data-chart="equity"] .plot').first().focus()
    await page.keyboard.press('+')
    expect(await span()).toBeCloseTo(whole / 4, 6)
    await page.keyboard.press('ArrowLeft')
    const [moved] = await shownBy(page)
    expect(moved!.to).toBeLessThan(after!.to)
    await page.keyboard.press('0')
    expect(await span()).toBe(whole)
    expect(await page.locator('[data-action="reset"]').isDisabled()).toBe(true)
    await page.locator('[data-chart="price"] .u-over').hover()
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -100)
    await page.keyboard.up('Control')
    expect(await span()).toBeLessThan(whole)
    await page.close()
  })

  test('a pinch zooms and one finger pans', async () => {
    const { page } = await open(session, { width: 390, height: 844, hasTouch: true })
    await page.locator('#price').scrollIntoViewIfNeeded()
    const whole = (await shownBy(page))[0]!
    const touch = async (type: string, fingers: readonly number[]): Promise<void> => {
      for (const [id, share] of fingers.entries()) {
        await page.evaluate(`(() => {
          const over = document.querySelector('[data-chart="price"] .u-over')
          over.setPointerCapture = () => {}
          const { left, top, width } = over.getBoundingClientRect()
          const clientX = left + width * ${share}
          const at = { pointerId: ${id + 1}, pointerType: 'touch', clientX, clientY: top + 50 }
          over.dispatchEvent(new PointerEvent('${type}', { ...at, bubbles: true }))
        })()`)
      }
    }
    await touch('pointerdown', [0.4, 0.6])
    await touch('pointermove', [0.3, 0.7])
    await touch('pointerup', [0.3, 0.7])
    const pinched = (await shownBy(page))[0]!
    expect((pinched.to - pinched.from) / (whole.to - whole.from)).toBeCloseTo(0.5, 1)
    await touch('pointerdown', [0.5])
    await touch('pointermove', [0.7])
    await touch('pointerup', [0.7])
    const panned = (await shownBy(page))[0]!
    expect(pinched.from - panned.from).toBeCloseTo((pinched.to - pinched.from) * 0.2, 0)
    await page.close()
  })

  test('the switch changes the colours of page and charts, and back', async () => {
    const { page, faults } = await open(session, { colorScheme: 'light' })
    const look = async (): Promise<string> =>
      await page.evaluate(`(() => {
        const canvas = document.querySelector('[data-chart="book"] canvas')
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        let sum = 0
        for (const byte of data) sum += byte
        return getComputedStyle(document.documentElement).backgroundColor + ' ' + sum
      })()`)
    const light = await look()
    const toggle = page.locator('[data-action="theme"]')
    await toggle.click()
    await page.mouse.move(1, 1)
    expect(await toggle.getAttribute('aria-pressed')).toBe('true')
    const dark = await look()
    expect(dark.split(' ')[0]).not.toBe(light.split(' ')[0])
    expect(dark.split(' ').at(-1)).not.toBe(light.split(' ').at(-1))
    await toggle.click()
    expect(await look()).toBe(light)
    expect(faults).toEqual([])
    await page.close()
  })

  test('the tooltip tells exact values at a UTC time', async () => {
    const run = handRun({
      fills: [
        { orderId: 42, side: 1, price: 100.1, size: 0.003, time: 30e9 + 7, queueAhead: 1.25 },
      ],
      mids: [
        [0, 100.2],
        [30e9, 100.25],
      ],
      equity: [
        [0, 0],
        [60e9, 1.5],
      ],
    })
    const { page } = await open(run)
    const box = await over(page, 'price')
    await page.mouse.move(box.x + box.width / 2 + 2, box.y + 20)
    const tooltip = page.locator('.tooltip')
    expect(await tooltip.textContent()).toContain('2024-08-08 00:00:30 UTC')
    expect(await tooltip.textContent()).toContain('100.250')
    // The mark of the fill lies where its price is: the lowest on this chart.
    const y = await page.evaluate<number>(`(() => {
      const { canvas } = document.querySelector('[data-chart="price"] canvas').getContext('2d')
      return canvas.getBoundingClientRect().bottom
    })()`)
    let text = ''
    for (let up = 40; up < 380 && !text.includes('Bought'); up += 6) {
      await page.mouse.move(box.x + box.width / 2, y - up)
      text = (await tooltip.textContent()) ?? ''
    }
    expect(text).toContain('0.003 at 100.10')
    expect(text).toContain('42, maker')
    expect(text).toContain('00:00:30.000000007')
    expect(text).toContain('1.25')
    await page.close()
  })

  test('a million points are drawn by few, whatever is shown', async () => {
    const length = 1_000_000
    const { fromTime, toTime } = session
    const step = (toTime - fromTime) / length
    const time = Float64Array.from({ length }, (_, i) => fromTime + Math.round(i * step))
    const mid = Float64Array.from(
      { length },
      (_, i) => 61_500 + Math.round(20 * Math.sin(i / 5e4)) / 2,
    )
    // One row in a million that must not get lost.
    mid[432_100] = 61_700
    const { page, faults } = await open({
      ...session,
      fills: handRun({}).fills,
      mids: { length, time, mid },
    })
    const width = await page.evaluate<number>(
      `document.querySelector('[data-chart="price"] .u-over').clientWidth`,
    )
    const price = async (): Promise<number> => (await shownBy(page))[2]!.points
    expect(await price()).toBeGreaterThan(width)
    expect(await price()).toBeLessThanOrEqual(8 * width)
    const top = await page.evaluate<boolean>(`(() => {
      const canvas = document.querySelector('[data-chart="price"] canvas')
      const plot = document.querySelector('[data-chart="price"] .u-over')
      const x = Math.round(plot.clientWidth * 0.4321) + plot.offsetLeft
      const { data } = canvas.getContext('2d').getImageData(x - 3, plot.offsetTop + 10, 7, 60)
      const dark = new Uint32Array(data.buffer).filter((pixel) => (pixel >>> 24) > 128 && (pixel & 255) < 120)
      return dark.length > 20
    })()`)
    expect(top).toBe(true)
    for (const zoom of [4, 4, 4]) {
      for (let i = 0; i < zoom; i++) await page.locator('[data-action="zoom-in"]').click()
      expect(await price()).toBeLessThanOrEqual(8 * width)
    }
    expect(faults).toEqual([])
    await page.close()
  })

  test('choosing a fill points it out and tells its queue; its neighbours are one click away', async () => {
    const { page } = await open()
    const { fills } = session
    await page.locator('#fill-list tbody tr').nth(2).click()
    const row = fills.length - 3
    const details = page.locator('.fill-details')
    const ahead = fills.queueAhead[row]!
    expect(await details.textContent()).toContain(
      Number.isNaN(ahead) ? 'taker' : String(Number(ahead.toPrecision(6))),
    )
    const [shown] = await shownBy(page)
    expect(shown!.to - shown!.from).toBeCloseTo(20, 0)
    const at = fills.localTime[row]! / 1e9
    expect(at).toBeGreaterThanOrEqual(shown!.from)
    expect(at).toBeLessThanOrEqual(shown!.to)
    await page.getByRole('button', { name: 'Earlier fill' }).click()
    expect(await details.textContent()).toContain(`${fills.orderId[row - 1]}, `)
    await page.close()
  })

  test('fills can be searched and paged', async () => {
    const { page } = await open()
    const rows = page.locator('#fill-list tbody tr')
    const count = page.locator('#fill-list .count')
    expect(await rows.count()).toBe(15)
    expect(await count.textContent()).toBe(`1 to 15 of ${session.fills.length}`)
    await page.getByRole('button', { name: 'Last page' }).click()
    expect(await rows.count()).toBe(session.fills.length % 15 || 15)
    await page.getByRole('searchbox').fill('sell taker')
    const wanted = session.fills.side.filter(
      (side, i) => side < 0 && session.fills.maker[i] === 0,
    ).length
    expect(await count.textContent()).toBe(`1 to ${Math.min(15, wanted)} of ${wanted}`)
    await page.getByRole('searchbox').fill('<img src=x>')
    expect(await rows.count()).toBe(0)
    expect(await count.textContent()).toBe('No fill matches')
    await page.close()
  })

  test.each([360, 390, 768, 1440, 2560])(
    'fits a width of %d without a sideways scroll',
    async (width) => {
      const { page } = await open(session, { width, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      const canvas = (await page.locator('[data-chart="price"] canvas').boundingBox())!
      expect(canvas.width).toBeGreaterThan(Math.min(width, 1760) * 0.8)
      await page.close()
    },
  )

  test('charts follow the width of the window', async () => {
    const { page } = await open(session, { width: 1440 })
    await page.setViewportSize({ width: 800, height: 800 })
    const chart = page.locator('[data-chart="price"] .uplot')
    await expect.poll(async () => (await chart.boundingBox())!.width).toBeLessThan(800)
    await page.close()
  })

  test('a run without fills, bars, and an empty run draw without a fault', async () => {
    const empty = handRun({ toTime: 0 })
    const quiet = handRun({ mids: [[0, 100]], equity: [[0, 0]] })
    const bars = { ...sessionRun({ samples: 90, depth: false }), source: 'bars' as const }
    const inverse = sessionRun({ samples: 90, instrument: INVERSE, startingCash: 2 })
    for (const run of [empty, quiet, bars, inverse]) {
      const { page, faults } = await open(run)
      expect(await page.locator('#fault').isVisible()).toBe(false)
      expect(faults).toEqual([])
      expect(await page.locator('.notice[role="status"]').count()).toBe(
        run.fills.length === 0 ? 1 : 0,
      )
      expect(await page.locator('#book').count()).toBe(run.depth === undefined ? 0 : 1)
      await page.close()
    }
  })

  test('names from outside run nothing', async () => {
    const attack = `"><img src=x onerror="alert(1)"></script><script>alert(2)</script>`
    const run = handRun({
      strategy: attack,
      parameters: { [attack]: attack },
      settings: { [attack]: attack },
    })
    const { page, faults, requests } = await open(run)
    expect(await page.locator('h1').textContent()).toBe(attack)
    expect(await page.locator('img').count()).toBe(0)
    expect(faults).toEqual([])
    expect(requests).toEqual([])
    await page.close()
  })

  test('paper is light even when the screen is dark', async () => {
    const { page } = await open(session, { colorScheme: 'dark' })
    const background = async (): Promise<string> =>
      await page.evaluate('getComputedStyle(document.querySelector(".panel")).backgroundColor')
    expect(await background()).not.toBe('rgb(255, 255, 255)')
    await page.evaluate('dispatchEvent(new Event("beforeprint"))')
    expect(await background()).toBe('rgb(255, 255, 255)')
    await page.evaluate('dispatchEvent(new Event("afterprint"))')
    expect(await background()).not.toBe('rgb(255, 255, 255)')
    await page.close()
  })
})

async function over(
  page: Page,
  chart: string,
): Promise<{ readonly x: number; readonly y: number; readonly width: number }> {
  const plot = page.locator(`[data-chart="${chart}"] .u-over`).first()
  await plot.scrollIntoViewIfNeeded()
  return (await plot.boundingBox())!
}
