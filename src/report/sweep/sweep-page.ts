/** Puts the page of a sweep together: one file, no script, no network. */
import { createHash } from 'node:crypto'
import { assert } from '../../core/index.ts'
import { Html, html } from '../html.ts'
import {
  groupedText,
  moneyText,
  percentText,
  plainText,
  signedText,
  spanText,
  typeset,
} from '../number-text.ts'
import type { DrawnAssets } from '../page-assets.ts'
import { tableHtml } from '../page-tables.ts'
import { axisCharts, type AxisChart } from './sweep-charts.ts'
import { breakEvenText } from './sweep-text.ts'
import { sweepAxes, type SweepAxis, type SweepResult, type SweepRow } from './sweep-result.ts'

/** Rows in the table of the page; sweep.json has them all. */
const ROWS_MAX = 2000

/** Returns the page as HTML. */
export function sweepPage(result: SweepResult, { skeleton, style }: DrawnAssets): string {
  const axes = sweepAxes(result.rows)
  const charts = axisCharts(result.rows, axes)
  const name = `${result.strategy} on ${result.symbol}`
  const parts: Readonly<Record<string, Html>> = {
    policy: html`default-src 'none'; style-src
    'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none';
    form-action 'none'`,
    title: html`Sweep of ${name}`,
    style: new Html(`<style>${style}</style>`),
    name: html`${name}`,
    source: html`${result.source}`,
    period: html`${groupedText(result.rows.length, 0)} runs, seed ${result.seed}`,
    notice: noticeHtml(charts),
    cards: cardsHtml(result, axes),
    charts: chartsHtml(charts),
    table: rowsHtml(result, axes),
    foot: html`Each row equals the single run with the same options:
      <code>lobtrader backtest</code> gives the same run hash. Money in ${result.settlement}.`,
  }
  return skeleton.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const part = parts[key]
    assert(part !== undefined, `the skeleton of the page asks for a part that exists, was ${key}`)
    return part.text
  })
}

function noticeHtml(charts: readonly AxisChart[]): Html {
  const latency = charts.find(({ axis }) => axis.name === 'latency' && axis.numbers !== undefined)
  if (latency === undefined) return html``
  const lines = latency.lines.map(
    (line) =>
      html`<li>
        ${line.label === '' ? '' : html`<strong>${line.label}</strong>: `}${typeset(
          breakEvenText(line, latency.axis),
        )}
      </li>`,
  )
  return html`<div class="notice" role="status">
    <p><strong>Break-even latency</strong>, one way, by straight lines between the runs</p>
    <ul>
      ${lines}
    </ul>
  </div>`
}

function cardsHtml({ rows, settlement }: SweepResult, axes: readonly SweepAxis[]): Html {
  const byNet = rows.toSorted((a, b) => b.net - a.net)
  const best = byNet[0]!
  const worst = byNet.at(-1)!
  const winners = rows.filter(({ net }) => net > 0).length
  const varied = axes.filter(({ values }) => values.length > 1)
  const where = ({ params }: SweepRow): string =>
    varied.map(({ name }) => `${name} ${params[name]!}`).join(', ')
  const cards: readonly (readonly [string, string, string, number])[] = [
    ['Best', signedText(moneyText(best.net, 5)), where(best), best.net],
    ['Worst', signedText(moneyText(worst.net, 5)), where(worst), worst.net],
    ['In profit', `${winners} of ${rows.length}`, percentText(winners / rows.length), 0],
    ['Axes', String(varied.length), varied.map(({ name }) => name).join(', ') || 'none varied', 0],
  ]
  return html`<dl class="cards">
    ${cards.map(([label, value, detail, sign], i) => {
      const tone = sign > 0 ? 'good' : sign < 0 ? 'bad' : 'plain'
      return html`<div class="card">
        <dt>${label}</dt>
        <dd class="figure ${tone}">
          ${typeset(value)}${i < 2 ? html` <span class="unit">${settlement}</span>` : ''}
        </dd>
        <dd class="detail">${typeset(detail)}</dd>
      </div>`
    })}
  </dl>`
}

function chartsHtml(charts: readonly AxisChart[]): Html {
  const panels = charts.map(
    ({ axis, note, chart }) =>
      html`<section class="panel">
        <header>
          <h2>Net profit against ${axis.name}</h2>
          <p>${typeset(note)}</p>
        </header>
        ${chart}
      </section>`,
  )
  const pairs: Html[] = []
  for (let i = 0; i < panels.length; i += 2) {
    pairs.push(html`<div class="pair">${panels.slice(i, i + 2)}</div>`)
  }
  return html`${pairs}`
}

function rowsHtml({ rows, settlement }: SweepResult, axes: readonly SweepAxis[]): Html {
  const shown = rows.slice(0, ROWS_MAX)
  const names = axes.map(({ name }) => name)
  const note =
    shown.length < rows.length ? `the first ${ROWS_MAX} of ${rows.length}; all in sweep.json` : ''
  return html`<section class="panel" aria-labelledby="runs-title">
    <header>
      <h2 id="runs-title">Runs</h2>
      <p>${note}</p>
    </header>
    ${tableHtml({
      caption: 'Every run',
      headings: [
        'run',
        ...names,
        `net ${settlement}`,
        'Sharpe',
        'fills',
        'maker',
        'fees',
        'drawdown',
        'position',
        'time',
      ],
      rows: shown.map((row) => [
        row.runHash.slice(0, 8),
        ...names.map((name) => html`${row.params[name]!}`),
        signedText(moneyText(row.net, 5)),
        plainText(row.sharpe, 4),
        groupedText(row.fills, 0),
        percentText(row.makerShare),
        moneyText(row.fees, 4),
        moneyText(row.maxDrawdown, 4),
        plainText(row.position, 5),
        spanText(row.seconds * 1e9),
      ]),
    })}
  </section>`
}
