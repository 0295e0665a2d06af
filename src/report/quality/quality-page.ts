/** Puts the page of a data-quality report together: one file, no script, no network. */
import { createHash } from 'node:crypto'
import { assert } from '../../core/index.ts'
import type { QualityReport, SymbolQuality } from '../../feed/index.ts'
import { formatInstant } from '../../time/index.ts'
import { Html, html } from '../html.ts'
import { groupedText, percentText, spanText, typeset } from '../number-text.ts'
import type { DrawnAssets } from '../page-assets.ts'
import { tableHtml } from '../page-tables.ts'
import { qualityFigures } from './quality-figures.ts'
import { distributionChart, latencyChart, rateChart, spansChart } from './quality-charts.ts'

/** Instruments with charts; the table names all. */
const CHARTED_MAX = 8

/** Returns the page as HTML. */
export function qualityPage(report: QualityReport, { skeleton, style }: DrawnAssets): string {
  const charted = report.symbols
    .toSorted((a, b) => Number(b.verdict === 'biased') - Number(a.verdict === 'biased'))
    .slice(0, CHARTED_MAX)
  const parts: Readonly<Record<string, Html>> = {
    policy: html`default-src 'none'; style-src
    'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none';
    form-action 'none'`,
    title: html`Data quality of ${titleOf(report)}`,
    style: new Html(`<style>${style}</style>`),
    name: html`${titleOf(report)}`,
    source: html`${sourceOf(report)}`,
    period: html`${periodOf(report)}`,
    verdict: verdictHtml(report),
    cards: cardsHtml(report),
    badrows: badRowsHtml(report),
    table: report.symbols.length > 1 ? symbolsHtml(report.symbols) : html``,
    symbols: html`${charted.map((symbol) => symbolHtml(symbol, report.symbols.length > 1))}`,
    foot: html`${groupedText(report.messages, 0)} messages, ${groupedText(report.events, 0)} rows.
    Rules and thresholds: docs/quality.md.`,
  }
  return skeleton.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    assert(part !== undefined, `the skeleton of the page asks for a part that exists, was ${name}`)
    return part.text
  })
}

function titleOf({ symbols, source }: QualityReport): string {
  if (symbols.length === 1) return symbols[0]!.facts.symbol
  if (symbols.length > 1) return `${symbols.length} instruments`
  return source.type === 'files' ? source.files.join(', ') : source.store
}

function sourceOf({ source, symbols }: QualityReport): string {
  const venues = [...new Set(symbols.map(({ facts }) => facts.venue))].slice(0, 4).join(', ')
  const what =
    source.type === 'files'
      ? `${source.files.map((file) => file.split('/').at(-1)!).join(', ')}, format ${source.format}`
      : `${source.partitions} partitions of store ${source.store.split('/').at(-1)!}`
  return venues === '' ? what : `${venues}: ${what}`
}

function periodOf({ symbols }: QualityReport): string {
  if (symbols.length === 0) return 'nothing could be read'
  const from = symbols.map(({ facts }) => facts.span.fromNs).reduce((a, b) => (b < a ? b : a))
  const to = symbols.map(({ facts }) => facts.span.toNs).reduce((a, b) => (b > a ? b : a))
  const text = (unixNs: bigint): string => formatInstant(unixNs).slice(0, 23).replace('T', ' ')
  return `${text(from)} to ${text(to)} UTC, ${spanText(Number(to - from))}`
}

function verdictHtml({ verdict, reasons, warnings }: QualityReport): Html {
  const notes =
    warnings.length === 0
      ? html``
      : html`<details class="notes">
          <summary>
            ${warnings.length} ${warnings.length === 1 ? 'note' : 'notes'} of the import
          </summary>
          <ul>
            ${warnings.map((warning) => html`<li>${warning}</li>`)}
          </ul>
        </details>`
  if (verdict === 'ok') {
    return html`<div class="notice verdict ok" role="status">
      <p><strong>Ok.</strong> Nothing here would bias a backtest.</p>
      ${notes}
    </div>`
  }
  return html`<div class="notice verdict biased" role="alert">
    <p><strong>Biased.</strong> A backtest on these data would mislead:</p>
    <ul>
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    ${notes}
  </div>`
}

function cardsHtml(report: QualityReport): Html {
  const only = report.symbols.length === 1 ? report.symbols[0]!.facts : undefined
  const hasClock = report.symbols.some(({ facts }) => facts.latency !== undefined)
  const cards: readonly (readonly [string, string, string, boolean])[] = [
    [
      'Gaps',
      groupedText(report.gaps, 0),
      only === undefined ? 'in all' : `stale ${percentText(only.coverage.stale, 2)} of the time`,
      report.gaps > 0,
    ],
    [
      'Crossed',
      groupedText(report.crossed, 0),
      only === undefined ? 'messages' : `${percentText(only.coverage.crossed, 2)} of the time`,
      report.crossed > 0,
    ],
    ['Bad rows', groupedText(report.badRows.count, 0), 'left out', report.badRows.count > 0],
    [
      'Off the tick',
      groupedText(report.offTick, 0),
      only === undefined ? 'prices' : `tick ${only.tick}`,
      report.offTick > 0,
    ],
    [
      'Came twice',
      groupedText(report.duplicates, 0),
      `${groupedText(report.reordered, 0)} out of order`,
      false,
    ],
    [
      'Quiet spans',
      groupedText(report.quietSpans, 0),
      only === undefined ? 'pauses' : `longer than ${spanText(only.quietNsMin)}`,
      false,
    ],
    [
      'Clock offset',
      hasClock ? spanText(report.clockOffsetNs) : '-',
      hasClock ? 'to a least latency of 0.5 ms' : 'the data have one time',
      report.symbols.some(({ facts }) => (facts.latency?.min ?? 0) < 0),
    ],
    [
      'Clock drift',
      hasClock ? `${report.clockDriftPpm}` : '-',
      hasClock ? 'us a second' : 'not told',
      report.symbols.some(({ findings }) => findings.some(({ rule }) => rule === 'drift')),
    ],
  ]
  return html`<dl class="cards">
    ${cards.map(
      ([label, value, detail, isBad]) =>
        html`<div class="card">
          <dt>${label}</dt>
          <dd class="figure ${isBad ? 'bad' : 'plain'}">${typeset(value)}</dd>
          <dd class="detail">${typeset(detail)}</dd>
        </div>`,
    )}
  </dl>`
}

function badRowsHtml({ badRows }: QualityReport): Html {
  if (badRows.named.length === 0) return html``
  return html`<section class="panel" aria-labelledby="bad-title">
    <header>
      <h2 id="bad-title">Rows that cannot be used</h2>
      <p>
        ${[...badRows.kinds].map(([code, count]) => `${groupedText(count, 0)} ${code}`).join(', ')}
      </p>
    </header>
    <ol class="named">
      ${badRows.named.map((sentence) => html`<li>${sentence}</li>`)}
    </ol>
  </section>`
}

function symbolsHtml(symbols: readonly SymbolQuality[]): Html {
  return html`<section class="panel" aria-labelledby="all-title">
    <header><h2 id="all-title">Instruments</h2></header>
    ${tableHtml({
      caption: 'Every instrument',
      headings: [
        '',
        'messages',
        'gaps',
        'crossed',
        'off tick',
        'quiet',
        'live',
        'latency p50',
        'verdict',
      ],
      rows: symbols.map(({ facts, ...figures }) => [
        `${facts.venue} ${facts.symbol}`,
        groupedText(figures.messages, 0),
        groupedText(figures.gaps, 0),
        groupedText(figures.crossed, 0),
        groupedText(figures.offTick, 0),
        groupedText(figures.quietSpans, 0),
        percentText(facts.coverage.live, 1),
        spanText(facts.latency?.p50 ?? null),
        html`<span class="${figures.verdict === 'ok' ? 'good' : 'bad'}">${figures.verdict}</span>`,
      ]),
    })}
  </section>`
}

function symbolHtml(symbol: SymbolQuality, isNamed: boolean): Html {
  const { facts } = symbol
  const { latency } = facts
  const name = isNamed ? `${facts.venue} ${facts.symbol}: ` : ''
  const panel = (title: string, note: string, chart: Html): Html =>
    html`<section class="panel">
      <header>
        <h2>${name}${title}</h2>
        <p>${typeset(note)}</p>
      </header>
      ${chart}
    </section>`
  const clock =
    latency === undefined
      ? html``
      : html`${panel('Feed latency', 'least (line) and mean (faint) of each stretch of time', latencyChart(facts, latency))}
          <div class="pair">
            ${panel('Latency distribution', `to its 99.5th percentile; largest ${spanText(latency.max)}`, distributionChart(latency))}
            ${panel('Messages a second', 'depth and trade messages', rateChart(facts, latency))}
          </div>`
  return html`${panel('When the book cannot be trusted', 'and when nothing came; times are UTC', spansChart(symbol))}
    ${clock}
    <section class="panel">
      <header><h2>${name}All figures</h2></header>
      <div class="figures">${qualityFigures(symbol)}</div>
    </section>`
}
