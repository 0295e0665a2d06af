/** How simulation and reality agree, for people and as JSON. */
import type { AgreedShare, Difference, OrderAgreement } from '../../engine/index.ts'
import { formatDuration } from '../../time/index.ts'
import { grouped, textPairs, textTable } from '../table.ts'
import type { Calibrated } from './calibrate-run.ts'

/** The member `actual` of the JSON answer: the agreement, and the calibration if one was made. */
export function agreementJson(
  agreement: OrderAgreement,
  calibrated: Calibrated | undefined,
): Readonly<Record<string, unknown>> {
  if (calibrated === undefined) return { ...agreement }
  const { setting: _, decidingOrders, runs, latency, queue, before, after, ...rest } = calibrated
  return {
    ...agreement,
    calibration: {
      latency,
      queue: queue ?? null,
      entryNs: rest.entryNs,
      exponent: rest.exponent ?? null,
      likelihood: likelihoodJson(rest.likelihood),
      runs,
      decidingOrders,
      heldOut: { before, after, gain: rest.gain, costSaved: rest.costSaved },
    },
  }
}

function likelihoodJson(fit: Calibrated['likelihood']): unknown {
  if (fit === undefined) return null
  const { exponent, low, high, observations, filled, wholeShare } = fit
  return { exponent, low, high, orders: observations, filled, wholeShare }
}

/** Returns the tables of an agreement. */
export function agreementText(
  agreement: OrderAgreement,
  calibrated: Calibrated | undefined,
): string {
  const { table, timeNs, priceTicks, byDistance } = agreement
  const parts = [
    textPairs([['agreement', shareText(agreement)]]),
    textTable(
      [
        { heading: '' },
        { heading: 'filled there', isNumber: true },
        { heading: 'not', isNumber: true },
      ],
      [
        ['filled here', grouped(table.bothFilled), grouped(table.onlySimulated)],
        ['not filled here', grouped(table.onlyActual), grouped(table.neither)],
      ],
    ),
    textPairs([
      ['time of fill', differenceText(timeNs, 'simulated minus actual', timeText)],
      [
        'price',
        differenceText(priceTicks, 'ticks better than actual', (ticks) =>
          String(Number(ticks.toFixed(3))),
        ),
      ],
    ]),
    textTable(
      [
        { heading: 'ticks behind the touch' },
        { heading: 'orders', isNumber: true },
        { heading: 'filled here', isNumber: true },
        { heading: 'there', isNumber: true },
        { heading: 'agree', isNumber: true },
      ],
      byDistance.map((row) => [
        row.distance,
        grouped(row.compared),
        grouped(row.simulatedFilled),
        grouped(row.actualFilled),
        percentText(row),
      ]),
    ),
  ]
  if (calibrated !== undefined) parts.push(calibrationText(calibrated))
  return parts.join('\n')
}

function calibrationText(calibrated: Calibrated): string {
  const { entryNs, exponent, before, after, gain, costSaved, queue } = calibrated
  const points = (value: number): string => `${value < 0 ? '' : '+'}${(100 * value).toFixed(2)}`
  return textPairs([
    [
      'calibrated',
      `--latency ${calibrated.latency}${queue === undefined ? '' : ` --queue ${queue}`}`,
    ],
    [
      'from',
      `${grouped(calibrated.decidingOrders)} orders in ${grouped(calibrated.runs)} simulations`,
    ],
    [
      'entry latency',
      `${timeText(entryNs.value)}, 95 % ${timeText(entryNs.low)} to ${timeText(entryNs.high)}`,
    ],
    [
      'exponent',
      exponent === undefined
        ? undefined
        : `${exponent.value}, 95 % ${exponent.low.toPrecision(3)} to ${exponent.high.toPrecision(3)}`,
    ],
    ['by likelihood', likelihoodText(calibrated)],
    ['held out before', shareText(before)],
    ['held out after', shareText(after)],
    ['gain', `${points(gain.value)} points, 95 % ${points(gain.low)} to ${points(gain.high)}`],
    [
      'cost',
      `${before.cost.toFixed(4)} to ${after.cost.toFixed(4)} an order, less by ${costSaved.value.toFixed(4)}, 95 % ${costSaved.low.toFixed(4)} to ${costSaved.high.toFixed(4)}`,
    ],
  ])
}

/** What the ends of the orders tell of the exponent without simulating. */
function likelihoodText({ likelihood, exponent }: Calibrated): string | undefined {
  if (likelihood === undefined) return undefined
  const { exponent: likely, low, high, observations, wholeShare } = likelihood
  const number = (value: number): string => String(Number(value.toPrecision(4)))
  const found = `exponent ${number(likely)}, 95 % ${number(low)} to ${number(high)}, from ${grouped(observations)} orders`
  if (wholeShare > 0) return `${found}, by a rule with chance, which the simulator has not`
  return exponent?.value === Number(number(likely)) ? `${found}: taken` : found
}

function shareText(share: AgreedShare): string {
  return `${grouped(share.agree)} of ${grouped(share.compared)} orders filled or not as they really were: ${percentText(share)}`
}

function percentText({ share, low, high, compared }: AgreedShare): string {
  if (compared === 0) return 'none'
  const percent = (value: number): string => (100 * value).toFixed(1)
  return `${percent(share)} % (${percent(low)} to ${percent(high)})`
}

function differenceText(
  { count, equal, mean, low, high, medianSize }: Difference,
  what: string,
  text: (value: number) => string,
): string {
  if (count === 0) return 'no order was filled here and there'
  return `mean ${text(mean)} (${text(low)} to ${text(high)}) ${what}; median size ${text(medianSize)}; equal for ${grouped(equal)} of ${grouped(count)}`
}

const timeText = (ns: number): string => formatDuration(Math.round(ns))
