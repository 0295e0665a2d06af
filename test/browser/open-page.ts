/** Opens report pages in the Chromium of the machine. */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** True when there is a browser to test with. */
export const hasBrowser = existsSync(CHROMIUM)

/** Starts the browser; nothing of it talks to a network on its own. */
export async function launch(): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page and what went wrong in it. */
export interface OpenPage {
  readonly page: Page
  /** Errors and warnings of its console, and uncaught exceptions. */
  readonly faults: readonly string[]
  /** Requests beyond the file itself. */
  readonly requests: readonly string[]
}

/** What a page is opened with. */
export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly hasTouch?: boolean
}

/** Opens a report and waits until its charts are drawn. */
export async function openReport(
  browser: Browser,
  file: string,
  options: PageOptions = {},
): Promise<OpenPage> {
  const { width = 1440, height = 1000, ...rest } = options
  const page = await browser.newPage({ viewport: { width, height }, ...rest })
  const faults: string[] = []
  const requests: string[] = []
  const url = pathToFileURL(file).href
  page.on('console', (message) => {
    // Reading canvases back, as these tests do, is what Chromium warns of.
    const isOurs = message.text().includes('willReadFrequently')
    if (message.type() !== 'log' && !isOurs) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url())
  })
  await page.goto(url)
  await page.waitForSelector('html[data-ready="true"], #fault:not([hidden])', { state: 'attached' })
  return { page, faults, requests }
}

/** Returns how many colours a canvas shows; a blank one shows one at most. */
export async function colorsOf(page: Page, selector: string): Promise<number> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)})
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer)).size
  })()`)
}

/** The stretch that a chart shows, in seconds since the run's epoch, and how many points draw it. */
export interface Shown {
  readonly from: number
  readonly to: number
  readonly points: number
}

/** Returns what each chart over time shows. */
export async function shownBy(page: Page): Promise<Shown[]> {
  return await page.evaluate(`[...document.querySelectorAll('.plot[data-from]')].map((plot) => ({
    from: Number(plot.dataset.from),
    to: Number(plot.dataset.to),
    points: Number(plot.dataset.points),
  }))`)
}

/** Drags over a chart from one share of its width to another. */
export async function drag(
  page: Page,
  chart: string,
  stretch: { readonly from: number; readonly to: number; readonly holds?: 'Shift' },
): Promise<void> {
  const over = page.locator(`[data-chart="${chart}"] .u-over`).first()
  await over.scrollIntoViewIfNeeded()
  const box = await over.boundingBox()
  if (box === null) throw new Error(`chart ${chart} is not visible`)
  const y = box.y + box.height / 2
  if (stretch.holds !== undefined) await page.keyboard.down(stretch.holds)
  await page.mouse.move(box.x + box.width * stretch.from, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * ((stretch.from + stretch.to) / 2), y)
  await page.mouse.move(box.x + box.width * stretch.to, y)
  await page.mouse.up()
  if (stretch.holds !== undefined) await page.keyboard.up(stretch.holds)
}
