/** The headline figures of the page. */
import type { RunAnalyses, RunRecord } from '../engine/index.ts'
import { sizeUnit } from './figures.ts'
import { html, type Html } from './html.ts'
import {
  bpsText,
  groupedText,
  moneyText,
  percentText,
  plainText,
  signedText,
  spanText,
  typeset,
} from './number-text.ts'
import { reportHorizons } from './report-horizons.ts'

interface Card {
  readonly label: string
  readonly value: string
  readonly unit?: string
  readonly detail: string
  /** Sign that colours the value. */
  readonly sign?: number | null
}

/** Returns the cards of headline figures. */
export function cardsHtml(record: RunRecord, analyses: RunAnalyses): Html {
  const cards = [...moneyCards(record, analyses), ...tradingCards(record, analyses)]
  return html`<dl class="cards">${cards.map(cardHtml)}</dl>`
}

function cardHtml(card: Card): Html {
  const sign = card.sign ?? 0
  const tone = sign > 0 ? 'good' : sign < 0 ? 'bad' : 'plain'
  const unit = card.unit === undefined ? '' : html` <span class="unit">${card.unit}</span>`
  return html`<div class="card">
    <dt>${card.label}</dt>
    <dd class="figure ${tone}">${typeset(card.value)}${unit}</dd>
    <dd class="detail">${typeset(card.detail)}</dd>
  </div>`
}

function moneyCards(record: RunRecord, analyses: RunAnalyses): Card[] {
  const { pnl, sharpe, maxDrawdown, turnover } = analyses
  const unit = record.currency
  const drawdownShare =
    maxDrawdown.share === null ? '' : `${shareText(maxDrawdown.share)} of the peak, `
  const drawdownSpan =
    maxDrawdown.recovered === null
      ? 'not recovered'
      : `recovered in ${spanText(maxDrawdown.durationNs)}`
  return [
    {
      label: 'Net profit',
      value: signedText(moneyText(pnl.net, 5)),
      unit,
      sign: pnl.net,
      detail: `${signedText(moneyText(pnl.realized + pnl.unrealized, 5))} gross, ${moneyText(Math.abs(pnl.fees), 5)} ${pnl.fees < 0 ? 'rebates' : 'fees'}`,
    },
    {
      label: 'Sharpe ratio',
      value: plainText(sharpe.value, 4),
      sign: sharpe.value,
      detail:
        sharpe.value === null
          ? 'too few changes of profit'
          : `${spanText(sharpe.everyNs)} steps, annualised x ${groupedText(sharpe.annualisation, 0)}`,
    },
    {
      label: 'Max drawdown',
      value: moneyText(maxDrawdown.value, 5),
      unit,
      detail: maxDrawdown.from === null ? 'equity never fell' : `${drawdownShare}${drawdownSpan}`,
    },
    {
      label: 'Turnover',
      value: moneyText(turnover.value, 6),
      unit,
      detail:
        turnover.netBps === null ? 'nothing traded' : `net ${bpsText(turnover.netBps)} bps of it`,
    },
  ]
}

function tradingCards(record: RunRecord, analyses: RunAnalyses): Card[] {
  const { fillRatio, makerShare, inventory } = analyses
  const { markout } = reportHorizons(record, analyses)
  const middle = markout[1]
  const isJudged = typeof middle?.all.mean === 'number'
  const othersText = markout
    .filter((horizon) => horizon !== middle && horizon.all.mean !== null)
    .map((horizon) => `${spanText(horizon.horizonNs)} ${bpsText(horizon.all.mean, 2)}`)
    .join(', ')
  return [
    {
      label: 'Fills',
      value: groupedText(record.fills.length, 0),
      detail:
        fillRatio.submitted === 0
          ? 'no orders'
          : `${groupedText(fillRatio.submitted, 0)} orders, ${percentText(fillRatio.orderRatio)} filled`,
    },
    {
      label: 'Maker share',
      value: percentText(makerShare.bySize ?? makerShare.byValue),
      detail: makerShare.bySize === null ? 'of traded value' : 'of traded size',
    },
    {
      label: `Markout ${spanText(middle?.horizonNs ?? null)}`,
      value: bpsText(middle?.all.mean ?? null),
      ...(isJudged ? { unit: 'bps' } : {}),
      sign: middle?.all.mean ?? null,
      detail: othersText === '' ? 'no fills to judge' : othersText,
    },
    {
      label: record.byInstrument.length > 0 ? 'Net position' : 'Position at the end',
      value: plainText(inventory.end, 6),
      ...(inventory.end === null ? {} : { unit: sizeUnit(record) }),
      detail: positionDetail(record, analyses),
    },
  ]
}

function positionDetail({ byInstrument }: RunRecord, { inventory }: RunAnalyses): string {
  const { meanHoldingNs, maxAbsolute } = inventory
  if (byInstrument.length > 0) return `over ${byInstrument.length} instruments`
  return meanHoldingNs === null
    ? 'flat all the time'
    : `largest ${plainText(maxAbsolute)}, held ${spanText(meanHoldingNs)}`
}

function shareText(share: number): string {
  return share > 0 && share < 5e-5 ? 'less than 0.01 %' : percentText(share, 2)
}
