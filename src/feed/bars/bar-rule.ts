/** When a bar is complete. */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'

/** What adaptive imbalance bars add up with the sign of each trade: 1, size, or value. */
export type ImbalanceMeasure = 'trades' | 'volume' | 'value'

/**
 * Imbalance bars whose threshold follows the market: a bar ends when the sum of signed trades is as
 * far from 0 as was expected of a whole bar, |theta| >= E[T] x |E[b v]|, where E[T] is an
 * exponential mean of the trades of earlier bars, and E[b v] one of their signed trades.
 *
 * The sign is the side of the aggressor; where the venue does not tell it, the tick rule's.
 *
 * @source Lopez de Prado (2018), "Advances in Financial Machine Learning", section 2.3.2.1 (tick,
 *   volume and dollar imbalance bars)
 */
export interface AdaptiveImbalanceRule {
  readonly by: 'adaptive-imbalance'
  readonly of: ImbalanceMeasure
  /** E[T] of the first bar, trades, > 0. */
  readonly expectedTrades: number
  /**
   * E[b v] of the first bar. Left out: the first bar ends after `expectedTrades` trades and its
   * mean is the first expectation.
   */
  readonly expectedImbalance?: number | undefined
  /** Span of the mean of trades, in bars: alpha = 2 / (span + 1); default 20. */
  readonly barSpan?: number | undefined
  /** Span of the mean of signed trades, in trades; default: `barSpan` x `expectedTrades`. */
  readonly tradeSpan?: number | undefined
  /**
   * Bounds of E[T]. Without them the feedback of the published rule can run away: long bars make
   * longer ones. Default: none.
   */
  readonly tradesBounds?: readonly [least: number, most: number] | undefined
}

/**
 * When a bar is complete:
 * - `tick`: with each trade, also where several reached us together;
 * - `time`: at each whole multiple of `every` since UTC midnight; a bar covers [start, end), stands
 *   at its end, and is left out when nothing traded;
 * - `trades`, `volume`, `value`: once that many trades, base units or quote units have traded;
 * - `imbalance`: once |sum of side x size| has reached `size`;
 * - `adaptive-imbalance`: see {@link AdaptiveImbalanceRule}.
 *
 * @source Lopez de Prado (2018), "Advances in Financial Machine Learning", section 2.3: tick, volume
 *   and dollar bars, and volume imbalance bars with a fixed threshold
 */
export type BarRule =
  | { readonly by: 'tick' }
  | { readonly by: 'time'; readonly every: Duration }
  | { readonly by: 'trades'; readonly count: number }
  | { readonly by: 'volume'; readonly size: number }
  | { readonly by: 'value'; readonly value: number }
  | { readonly by: 'imbalance'; readonly size: number }
  | AdaptiveImbalanceRule

/**
 * Checks a rule.
 *
 * @throws LobtraderError BAD_ARGUMENT when a threshold is not a positive finite number, BAD_DURATION
 */
export function checkRule(rule: BarRule): void {
  switch (rule.by) {
    case 'tick':
      return
    case 'time':
      if (durationNs(rule.every) > 0) return
      throw new LobtraderError('BAD_ARGUMENT', 'bars by time need an interval above 0')
    case 'trades':
      return checkPositive(rule.by, 'threshold', rule.count)
    case 'value':
      return checkPositive(rule.by, 'threshold', rule.value)
    case 'adaptive-imbalance':
      return checkAdaptive(rule)
    default:
      return checkPositive(rule.by, 'threshold', rule.size)
  }
}

function checkAdaptive(rule: AdaptiveImbalanceRule): void {
  const { by, expectedTrades, expectedImbalance, barSpan = 20, tradesBounds } = rule
  checkPositive(by, 'expectedTrades', expectedTrades)
  checkPositive(by, 'barSpan', barSpan)
  checkPositive(by, 'tradeSpan', rule.tradeSpan ?? 1)
  if (
    expectedImbalance !== undefined &&
    !(Number.isFinite(expectedImbalance) && expectedImbalance !== 0)
  ) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `bars by ${by} need a finite expectedImbalance other than 0, was ${expectedImbalance}`,
    )
  }
  const [least, most] = tradesBounds ?? [expectedTrades, expectedTrades]
  if (least > 0 && least <= expectedTrades && expectedTrades <= most) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `bars by ${by} need 0 < least <= expectedTrades <= most, were ${least}, ${expectedTrades}, ${most}`,
  )
}

function checkPositive(by: string, name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `bars by ${by} need a positive finite ${name}, was ${value}`,
    { value: String(value) },
  )
}

/** Returns what the report calls bars of a rule: `time 1s`, `tick`. */
export function ruleText(rule: BarRule): string {
  if (rule.by === 'adaptive-imbalance')
    return `${rule.by} of ${rule.of} from ${rule.expectedTrades} trades`
  if (rule.by === 'time' && typeof rule.every === 'number')
    return `${rule.by} ${formatDuration(rule.every)}`
  const { by, ...rest } = rule
  return [by, ...Object.values(rest).map(String)].join(' ')
}
