/** The tables of the page. */
import type { HorizonResult, RunAnalyses, RunRecord } from '../engine/index.ts'
import { analysesOf } from './analyses.ts'
import { figureGroups, instrumentNames, type FigureGroup } from './figures.ts'
import { html, type Html, type HtmlPart } from './html.ts'
import {
  bpsText,
  decimalsFor,
  groupedText,
  moneyText,
  percentText,
  plainText,
  signedText,
  spanText,
  typeset,
} from './number-text.ts'
import { reportHorizons } from './report-horizons.ts'
import { parameterText } from './run-title.ts'

/** A table: its headings, the first of which heads the rows, and its cells. */
export interface PageTable {
  readonly caption: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly HtmlPart[])[]
}

/** Returns a table whose first column heads its rows and whose other cells are figures. */
export function tableHtml(table: PageTable): Html {
  const [corner = '', ...headings] = table.headings
  const rows = table.rows.map(([head = '', ...cells]) => {
    const shown = cells.map(
      (cell) => html`<td>${typeof cell === 'string' ? typeset(cell) : cell}</td>`,
    )
    return html`<tr>
      <th scope="row">${head}</th>
      ${shown}
    </tr>`
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${table.caption}">
    <table>
      <caption>
        ${table.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${corner}</th>
          ${headings.map((text) => html`<th scope="col">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

type Cause = readonly [name: string, amount: number, note: string]

function bookCauses(a: RunAnalyses['pnlAttribution']): readonly Cause[] {
  const { spread, inventoryAfterFills, inventoryHeld } = a
  const known: readonly Cause[] =
    spread === null || inventoryAfterFills === null || inventoryHeld === null
      ? []
      : [
          ['Spread captured', spread, 'fills against the mid of their moment'],
          [
            `Inventory, first ${spanText(a.adverseHorizonNs)}`,
            inventoryAfterFills,
            'moves of the mid right after fills',
          ],
          ['Inventory, later', inventoryHeld, 'moves of the mid on what was held'],
        ]
  return [
    ...known,
    ['Fees and rebates', -a.fees, 'rebates are positive'],
    ['Funding', a.funding, 'received less paid'],
  ]
}

/** A bar has no spread, and nothing is known within it. */
function barCauses(a: RunAnalyses['pnlAttribution']): readonly Cause[] {
  return [
    ['Inventory', (a.spread ?? 0) + (a.inventory ?? 0), 'moves of the price on what was held'],
    ['Fees and rebates', -a.fees, 'rebates are positive'],
  ]
}

/** Returns the profit by cause, with a bar for each. */
export function attributionHtml(record: RunRecord, { pnlAttribution }: RunAnalyses): Html {
  const a = pnlAttribution
  const causes = record.source === 'bars' ? barCauses(a) : bookCauses(a)
  const amounts = [...causes.map(([, amount]) => amount), a.total]
  const decimals = decimalsFor(amounts)
  const largest = Math.max(...amounts.map(Math.abs)) || 1
  const row = (name: string, amount: number, note: string): Html =>
    html`<tr>
      <th scope="row">${name}<small>${note}</small></th>
      <td class="amount-bar">${amountBar(amount / largest)}</td>
      <td>${typeset(signedText(groupedText(amount, decimals)))}</td>
    </tr>`
  const shown = causes.filter(([name, amount]) => name !== 'Funding' || amount !== 0)
  return html`<table class="attribution">
    <caption>
      Where the profit came from, ${record.currency}
    </caption>
    <tbody>
      ${shown.map(([name, amount, note]) => row(name, amount, note))}
    </tbody>
    <tfoot>
      ${row('Net profit', a.total, a.residual === 0 ? 'adds up exactly' : `adds up to ${Math.abs(a.residual).toExponential(0)}`)}
    </tfoot>
  </table>`
}

/** A bar from the middle, to the right for gains; -1 <= share <= 1. */
function amountBar(share: number): Html {
  const x = share < 0 ? 100 * (1 + share) : 100
  return html`<svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">
    <line x1="100" x2="100" y1="0" y2="10" />
    <rect
      class="${share < 0 ? 'bad' : 'good'}"
      x="${x}"
      y="1.5"
      width="${Math.abs(share) * 100}"
      height="7"
    />
  </svg>`
}

const GROUPS = ['all', 'buy', 'sell', 'maker', 'taker'] as const

/** Returns fills, spread captured and markouts by side and by liquidity. */
export function sidesTable(record: RunRecord, analyses: RunAnalyses): PageTable {
  const { spreadCaptured } = analyses
  const isBook = record.source === 'book'
  const { markout } = reportHorizons(record, analyses)
  const name = { all: 'All', buy: 'Buy', sell: 'Sell', maker: 'Maker', taker: 'Taker' }
  const at = (horizon: HorizonResult, group: (typeof GROUPS)[number]): string =>
    bpsText(horizon[group].mean)
  return {
    caption: 'Fills by side and liquidity, bps of price',
    headings: [
      '',
      'Fills',
      ...(isBook ? ['Spread captured'] : []),
      ...markout.map((horizon) => `Markout ${spanText(horizon.horizonNs)}`),
    ],
    rows: GROUPS.map((group) => [
      name[group],
      groupedText(spreadCaptured[group].count, 0),
      ...(isBook ? [bpsText(spreadCaptured[group].meanBps)] : []),
      ...markout.map((horizon) => at(horizon, group)),
    ]),
  }
}

/**
 * Returns what each of several instruments brought.
 *
 * @param pages the page of each instrument, by file name
 */
export function instrumentsTable(record: RunRecord, pages: readonly string[]): PageTable {
  const names = instrumentNames(record.instruments)
  return {
    caption: 'The run by instrument',
    headings: [
      '',
      'Net profit',
      'Fees',
      'Fills',
      'Turnover',
      'Maker share',
      'Markout 5 s',
      'Position',
    ],
    rows: record.byInstrument.map((part, i) => {
      const { pnl, turnover, makerShare, markout } = analysesOf(part)
      const later = markout.horizons.find(({ label }) => label === '5s')
      const page = pages[i]
      return [
        page === undefined ? names[i]! : html`<a href="${page}">${names[i]!}</a>`,
        signedText(`${moneyText(pnl.net)} ${part.currency}`),
        moneyText(pnl.fees),
        groupedText(part.fills.length, 0),
        moneyText(turnover.value),
        percentText(makerShare.bySize),
        bpsText(later?.all.mean ?? null),
        plainText(part.totals.position),
      ]
    }),
  }
}

/** Returns quantiles of order latency by leg. */
export function latencyTable({ orderLatency }: RunAnalyses): PageTable {
  const legs = [
    ['Entry', orderLatency.entry],
    ['Response', orderLatency.response],
    ['Round trip', orderLatency.roundTrip],
    ['Cancel', orderLatency.cancel],
  ] as const
  return {
    caption: 'Order latency',
    headings: ['Leg', 'Count', 'Least', 'Median', '90 %', '99 %', 'Most'],
    rows: legs.map(([leg, { count, min, p50, p90, p99, max }]) => [
      leg,
      groupedText(count, 0),
      ...[min, p50, p90, p99, max].map(spanText),
    ]),
  }
}

/** Returns all figures of the run as small tables, one a topic. */
export function figuresHtml(record: RunRecord, analyses: RunAnalyses): Html {
  const table = ({ title, figures }: FigureGroup): Html =>
    html`<table class="pairs">
      <caption>
        ${title}
      </caption>
      <tbody>
        ${figures.map(
          ({ label, value, note }) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td>
                ${typeset(value)}${note === undefined ? '' : html`<small>${typeset(note)}</small>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`
  const pairs = (title: string, given: Readonly<Record<string, unknown>>): FigureGroup => ({
    title,
    figures: Object.entries(given).map(([label, value]) => ({
      label,
      value: parameterText(value),
    })),
  })
  const groups = [
    ...figureGroups(record, analyses),
    pairs('Parameters', record.parameters),
    pairs('Settings', record.settings),
  ]
  return html`${groups.filter(({ figures }) => figures.length > 0).map(table)}`
}

/** Returns a sentence on what the run did not do; empty for a run that traded. */
export function emptinessHtml(record: RunRecord, { fillRatio }: RunAnalyses): Html {
  if (record.fills.length > 0) return html``
  const { submitted, cancelled, rejected, expired } = fillRatio
  const why =
    submitted === 0
      ? 'The strategy sent no orders, so that there is nothing to judge. Was the book live in the traded window?'
      : `${plural(submitted, 'order')} sent, none traded: ${groupedText(cancelled, 0)} cancelled, ${groupedText(
          rejected + expired,
          0,
        )} rejected or expired. Quotes nearer to the mid trade more often.`
  return html`<p class="notice" role="status"><strong>No fills in this run.</strong> ${why}</p>`
}

function plural(count: number, what: string): string {
  return `${groupedText(count, 0)} ${what}${count === 1 ? '' : 's'}`
}
