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
  const unit = record.instrument.settlement
  const drawdownShare =
    maxDrawdown.share === null ? '' : `${percentText(maxDrawdown.share, 2)} of the peak, `
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
      detail: `${signedText(moneyText(pnl.realized + pnl.unrealized, 5))} gross, ${moneyText(pnl.fees, 5)} fees`,
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
      detail: `net ${bpsText(turnover.netBps)} bps of it`,
    },
  ]
}

function tradingCards(record: RunRecord, analyses: RunAnalyses): Card[] {
  const { fillRatio, makerShare, inventory, markout } = analyses
  const middle = markout.horizons[1]
  const others = markout.horizons.filter((horizon) => horizon !== middle)
  return [
    {
      label: 'Fills',
      value: groupedText(record.fills.length, 0),
      detail: `${groupedText(fillRatio.submitted, 0)} orders, ${percentText(fillRatio.orderRatio)} filled`,
    },
    {
      label: 'Maker share',
      value: percentText(makerShare.bySize),
      detail: 'of traded size',
    },
    {
      label: `Markout ${spanText(middle?.horizonNs ?? null)}`,
      value: bpsText(middle?.all.mean ?? null),
      unit: 'bps',
      sign: middle?.all.mean ?? null,
      detail: others
        .map((horizon) => `${spanText(horizon.horizonNs)} ${bpsText(horizon.all.mean, 2)}`)
        .join(', '),
    },
    {
      label: 'Position at the end',
      value: plainText(inventory.end, 6),
      unit: sizeUnit(record),
      detail: `largest ${plainText(inventory.maxAbsolute)}, held ${spanText(inventory.meanHoldingNs)}`,
    },
  ]
}
