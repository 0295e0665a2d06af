/** What `lobtrader orders` answers. */
import { exactSum } from '../../core/index.ts'
import type {
  OrderAgreement,
  OrderOutcome,
  OutcomeStatus,
  RunRecord,
  RunResult,
} from '../../engine/index.ts'
import { agreementJson, agreementText } from './agreement-text.ts'
import type { Calibrated } from './calibrate-run.ts'
import type { Answer } from '../command.ts'
import { grouped, textPairs } from '../table.ts'

/** A finished run of an order list. */
export interface OrdersRun {
  readonly result: RunResult
  readonly outcomes: readonly OrderOutcome[]
  /** Where the outcomes were written. */
  readonly out: string | undefined
  readonly agreement: OrderAgreement | undefined
  readonly calibrated: Calibrated | undefined
}

/** Returns counts, money and the file of a run. */
export function ordersAnswer({ result, outcomes, out, ...compared }: OrdersRun): Answer {
  const { record, strategy } = result
  const { position } = strategy
  const { instrument } = record
  const count = (status: OutcomeStatus): number =>
    outcomes.filter((outcome) => outcome.status === status).length
  const counts = {
    orders: outcomes.length,
    filled: count('Filled'),
    partiallyFilled: count('PartiallyFilled'),
    canceled: count('Canceled'),
    expired: count('Expired'),
    rejected: count('Rejected'),
    open: count('New'),
  }
  const money = {
    position: position.size,
    cash: position.cashFlow,
    fees: position.fees,
    // Told only where there was any, as scripts know the rest by heart.
    ...(position.funding === 0 ? {} : { funding: position.funding }),
    ...(record.liquidations.length === 0 ? {} : { liquidations: record.liquidations.length }),
    trades: record.fills.length,
    volume: instrument.size(position.tradedLots),
    value: tradedValue(record),
  }
  const { settlement } = instrument
  const { agreement, calibrated } = compared
  return {
    json: {
      ...counts,
      ...money,
      settlement,
      runHash: record.runHash,
      settings: record.settings,
      ...(out === undefined ? {} : { out }),
      ...(agreement === undefined ? {} : { actual: agreementJson(agreement, calibrated) }),
    },
    text: `${textPairs([
      ['orders', grouped(counts.orders)],
      ['filled', grouped(counts.filled)],
      ['partly filled', counts.partiallyFilled === 0 ? undefined : grouped(counts.partiallyFilled)],
      ['canceled', grouped(counts.canceled)],
      ['expired', `${grouped(counts.expired)}${reasonsOf(outcomes, 'Expired')}`],
      ['rejected', `${grouped(counts.rejected)}${reasonsOf(outcomes, 'Rejected')}`],
      ['still open', grouped(counts.open)],
      ['trades', grouped(money.trades)],
      ['volume', `${grouped(money.volume)} ${instrument.spec.base}`],
      ['value', `${grouped(money.value)} ${settlement}`],
      ['position', `${grouped(money.position)} ${instrument.spec.base}`],
      ['cash', `${grouped(money.cash)} ${settlement}, fees apart`],
      ['fees', `${grouped(money.fees)} ${settlement}`],
      [
        'funding',
        position.funding === 0 ? undefined : `${grouped(position.funding)} ${settlement}`,
      ],
      [
        'liquidated',
        record.liquidations.length === 0
          ? undefined
          : `${grouped(record.liquidations.length)} times`,
      ],
      ['run hash', record.runHash],
      ['wrote', out],
    ])}${agreement === undefined ? '' : `\n${agreementText(agreement, calibrated)}`}`,
  }
}

function tradedValue({ fills, instrument }: RunRecord): number {
  const values = Array.from(fills.size, (size, i) => instrument.notional(size, fills.price[i]!))
  return exactSum(values)
}

/** ` (3 "...", 40 such as "...")` for each kind of reason: those that differ in numbers are one. */
function reasonsOf(outcomes: readonly OrderOutcome[], status: OutcomeStatus): string {
  const kinds = new Map<string, { readonly first: string; count: number; differ: boolean }>()
  for (const { status: is, reason } of outcomes) {
    if (is !== status || reason === '') continue
    const key = reason.replaceAll(/\d[\d.]*/g, '#')
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, { first: reason, count: 1, differ: false })
    else {
      kind.count++
      kind.differ ||= reason !== kind.first
    }
  }
  const told = [...kinds.values()].map(
    ({ first, count, differ }) => `${grouped(count)} ${differ ? 'such as ' : ''}"${first}"`,
  )
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}
