import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { handRun } from '../../test/run-record-fixture.ts'
import { sessionRun } from '../../test/session-fixture.ts'
import { readPageAssets } from './page-assets.ts'
import type { PageData } from './page-contract.ts'
import { reportPage } from './page.ts'

const assets = readPageAssets()
const page = (run = sessionRun({ samples: 60 })): string => reportPage(run, assets)

/** Texts of the elements with this name and these attributes. */
const elements = (html: string, open: string): string[] =>
  html
    .split(open)
    .slice(1)
    .map((rest) => rest.split(/<\/(?:script|style)>/)[0]!)

/** What people read: the page without style, data and script. */
const markupOf = (html: string): string =>
  html.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '').replaceAll(/\s+/g, ' ')

const dataOf = (html: string): PageData =>
  JSON.parse(elements(html, '<script type="application/json" id="data">')[0]!) as PageData

const ATTACK = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'{{data}} $& \u2028`

describe('the page', () => {
  test('refers to nothing outside itself', () => {
    const html = page()
    const markup = markupOf(html)
    expect(markup).not.toMatch(/\s(src|srcset|action|data|poster)=/)
    expect([...markup.matchAll(/href="([^"]*)"/g)].map((match) => match[1])).toEqual([
      'data:,',
      '#main',
    ])
    expect(/@import|url\(/.exec(assets.style)).toBeNull()
  })

  test('its policy allows the script and the style that it brings, and nothing else', () => {
    const html = page()
    const policy = /Content-Security-Policy" content="([^"]*)"/
      .exec(html)![1]!
      .replaceAll('&#39;', "'")
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64')
    const [script, ...more] = elements(html, '<script>')
    expect(more).toEqual([])
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(script!)}'`,
      `style-src 'sha256-${hash(elements(html, '<style>')[0]!)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  test('names from outside are text wherever they stand', () => {
    const html = page(
      handRun({
        strategy: ATTACK,
        parameters: { [ATTACK]: ATTACK },
        settings: { [ATTACK]: ATTACK },
      }),
    )
    const clean = page(handRun({}))
    const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length
    for (const what of [/<script/g, /<\/script/g, /<img/g, /<[^>]*\son\w+=/g]) {
      expect(count(html, what)).toBe(count(clean, what))
    }
    expect(markupOf(html)).toContain('&lt;img src=x onerror=&quot;alert(2)&quot;&gt;')
    expect(dataOf(html).fills.length).toBe(0)
  })

  test('its data tell the run', () => {
    const run = sessionRun({ samples: 60 })
    expect(dataOf(page(run))).toMatchObject({
      source: 'book',
      epochNs: String(run.epochNs),
      fromTime: run.fromTime,
      toTime: run.toTime,
      settlement: 'USDT',
      sizeUnit: 'BTC',
      priceDecimals: 2,
      sizeDecimals: 3,
      account: { length: 60, rowsBefore: 60 },
      fills: { length: run.fills.length },
      depth: { times: run.depth!.times, prices: run.depth!.prices },
    })
  })

  test('headline figures and tables stand in the markup, without any script', () => {
    const markup = markupOf(page())
    for (const text of [
      'Net profit',
      'Sharpe ratio',
      'Max drawdown',
      'Maker share',
      'Spread captured',
    ]) {
      expect(markup).toContain(text)
    }
    expect(markup).toContain('<th scope="row">riskAversion</th>')
    expect(markup).not.toMatch(/\{\{\w+\}\}/)
    expect(markup).not.toMatch(/NaN|undefined|\[object/)
  })

  test('a run without fills says so, and why', () => {
    expect(markupOf(page(handRun({})))).toMatch(/No fills in this run\..*sent no orders/s)
    const cancelled = handRun({ orders: [{ status: 'cancelled' }, { status: 'rejected' }] })
    expect(markupOf(page(cancelled))).toMatch(
      /2 orders sent, none traded: 1 cancelled, 1 rejected or expired/,
    )
    expect(markupOf(page())).not.toContain('No fills in this run')
  })

  test('bars have a price and no book, no latency, no spread', () => {
    const html = markupOf(page({ ...sessionRun({ samples: 60, depth: false }), source: 'bars' }))
    expect(html).toContain('close of each bar')
    expect(html).not.toMatch(/id="book"|Order latency|Spread captured/)
  })
})
