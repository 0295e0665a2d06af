/** Puts the page together: one file, no network. */
import { createHash } from 'node:crypto'
import { assert } from '../core/index.ts'
import type { RunAnalyses, RunRecord } from '../engine/index.ts'
import { analysesOf } from './analyses.ts'
import { Html, html, scriptJson } from './html.ts'
import { groupedText, spanText, typeset } from './number-text.ts'
import type { PageAssets } from './page-assets.ts'
import { cardsHtml } from './page-cards.ts'
import { pageData } from './page-data.ts'
import {
  attributionHtml,
  emptinessHtml,
  figuresHtml,
  instrumentsTable,
  latencyTable,
  sidesTable,
  tableHtml,
} from './page-tables.ts'
import { runTitle } from './run-title.ts'

/** Pages that belong together, by file name. */
export interface PageLinks {
  /** The page of all instruments. */
  readonly all?: string
  /** The page of each instrument, in order. */
  readonly instruments?: readonly string[]
}

/** Returns the page of a run as HTML. */
export function reportPage(record: RunRecord, assets: PageAssets, links: PageLinks = {}): string {
  const analyses = analysesOf(record)
  const title = runTitle(record)
  assert(!/<\/script/i.test(assets.script), 'the script of the page holds no end of a script')
  const parts: Readonly<Record<string, Html>> = {
    policy: html`${policy(assets)}`,
    title: html`${title.strategy} on ${title.symbol}`,
    style: new Html(`<style>${assets.style}</style>`),
    strategy: html`${title.strategy}`,
    instrument: html`<strong>${title.symbol}</strong> <span>${title.venue}</span>
      <span>${title.kind}</span>${allLink(links)}`,
    period: html`${title.period}`,
    span: html`${title.span}`,
    emptiness: emptinessHtml(record, analyses),
    cards: cardsHtml(record, analyses),
    sections: html`${instrumentsHtml(record, links.instruments ?? [])}${sectionsHtml(record)}`,
    attribution: attributionHtml(record, analyses),
    executions: executionsHtml(record, analyses),
    meta: metaHtml(record),
    figures: figuresHtml(record, analyses),
    foot: html`${groupedText(record.events, 0)} events in ${spanText(record.seconds * 1e9)}, seed
      ${record.seed}, run <code>${record.runHash}</code>`,
    data: html`<script type="application/json" id="data">
      ${scriptJson(pageData(record))}
    </script>`,
    script: new Html(`<script>${assets.script}</script>`),
  }
  return assets.skeleton.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    assert(part !== undefined, `the skeleton of the page asks for a part that exists, was ${name}`)
    return part.text
  })
}

/** Nothing may load and nothing may run but the style and the script that the page brings. */
function policy(assets: PageAssets): string {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${hash(assets.script)}`,
    `style-src ${hash(assets.style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function allLink({ all }: PageLinks): Html {
  return all === undefined ? html`` : html` <a href="${all}">all instruments</a>`
}

/** What each of several instruments brought, with the way to its own page. */
function instrumentsHtml(record: RunRecord, pages: readonly string[]): Html {
  if (record.byInstrument.length === 0) return html``
  return html`<section class="panel" id="instruments" aria-labelledby="instruments-title">
    <header>
      <h2 id="instruments-title">Instruments</h2>
      <p>each has a page with its price, book and quotes</p>
    </header>
    ${tableHtml(instrumentsTable(record, pages))}
  </section>`
}

function metaHtml({ events, seconds, seed, runHash, source }: RunRecord): Html {
  const pairs = [
    [source === 'bars' ? 'Bars' : 'Events', groupedText(events, 0)],
    ['Wall time', spanText(seconds * 1e9)],
    ...(seconds > 0 ? [['Events a second', groupedText(events / seconds, 0)]] : []),
    ['Seed', String(seed)],
    ['Run hash', runHash.slice(0, 12)],
  ]
  return html`<dl class="meta">
    ${pairs.map(
      ([name = '', value = '']) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${typeset(value)}</dd>
        </div>`,
    )}
  </dl>`
}

function executionsHtml(record: RunRecord, analyses: RunAnalyses): Html {
  const sides = html`<section class="panel" aria-labelledby="sides-title">
    <header>
      <h2 id="sides-title">Fills by side</h2>
      <p>mean, bps of price</p>
    </header>
    ${tableHtml(sidesTable(record, analyses))}
  </section>`
  // Requests take no time on bars.
  if (record.source === 'bars') return sides
  return html`<div class="pair">
    ${sides}
    <section class="panel" aria-labelledby="latency-title">
      <header><h2 id="latency-title">Order latency</h2></header>
      ${tableHtml(latencyTable(analyses))}
    </section>
  </div>`
}

interface Chart {
  readonly id: string
  readonly title: string
  readonly note: string
}

function sectionsHtml(record: RunRecord): Html {
  const isBook = record.source === 'book'
  const charts: Chart[] = [
    {
      id: 'equity',
      title: 'Equity',
      note: `${record.currency}; drawdown below`,
    },
    {
      id: 'price',
      title: isBook ? 'Price, own quotes and fills' : 'Price and fills',
      note: isBook
        ? `mid in ${record.instrument.quote}; filled marks are maker, hollow are taker; from afar, ticks at the edges`
        : 'close of each bar',
    },
    { id: 'inventory', title: 'Inventory', note: 'signed position' },
  ]
  // Prices of several instruments have no axis in common.
  if (record.byInstrument.length > 0) charts.length = 1
  if (record.depth !== undefined) {
    charts.push({
      id: 'book',
      title: 'Order book',
      note: 'resting size by price, own fills on top',
    })
  }
  return html`${charts.map(
    ({ id, title, note }) =>
      html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
        <header>
          <h2 id="${id}-title">${title}</h2>
          <p>${typeset(note)}</p>
          <div class="legend"></div>
        </header>
        <div class="chart" data-chart="${id}"></div>
      </section>`,
  )}`
}
