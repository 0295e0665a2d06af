/**
 * Queue models: how the lots ahead of a resting order shrink.
 *
 * `front` = ahead of us, `back` = behind us. A trade at our price takes from the front. A decrease
 * of the level that trades do not explain is shared: the part p of it stood behind us.
 *
 * Formulas: the probability queue models of hftbacktest (its documentation, "Probability Queue
 * Models", after Rigtorp 2013, "Estimating order queue position"). Its `back` is what the level
 * held before the change less our front, and so still counts what trades took from the front since;
 * the models whose name begins with `fair-` leave that out and differ in nothing else.
 */
import { LobtraderError } from '../core/index.ts'

/** Decides how far a change of our level moves us. All arguments and results are in lots. */
export interface QueueModel {
  /** Text form, as the command line takes it. */
  readonly name: string
  /**
   * Returns the lots ahead after our level went from `before` to `after`.
   *
   * @param front  lots ahead so far (trades since the last change are already taken off; may be
   *   negative when they exceeded it)
   * @param traded lots that traded at our price since the last change of the level
   */
  frontAfterChange(front: number, traded: number, before: number, after: number): number
  /**
   * The model as the compiled kernel knows it: exponent (1, 2 or 3) | family << 2 | fair << 4;
   * absent where the kernel has to ask {@link frontAfterChange}.
   */
  readonly kernelCode?: number
  /**
   * Returns the model for an instrument whose lot is `lotSize` base units. The logarithms count in
   * base units, so that their shares depend on it; every other model returns itself.
   */
  forLotSize(lotSize: number): QueueModel
}

/** The share p of an unexplained decrease that stood behind us. */
type ShareBehind = (front: number, back: number) => number

/** Makes the share for an exponent n, or for a lot size. */
type ShareFamily = (parameter: number) => ShareBehind

/** Only trades move us forward; a level smaller than our place caps it. */
export function riskAverseQueue(): QueueModel {
  return {
    name: 'risk-averse',
    frontAfterChange: (front, _traded, _before, after) => Math.min(front, after),
    forLotSize() {
      return this
    },
  }
}

/** p = back^n / (back^n + front^n). */
const powerShare: ShareFamily = (n) => (front, back) => {
  // Exactly what the formula gives at the ends of the queue, without its two powers.
  if (front === 0 && back > 0) return 1
  if (back === 0 && front > 0) return 0
  const behind = power(back, n)
  return behind / (behind + power(front, n))
}

/** p = back^n / (back + front)^n. */
const power2Share: ShareFamily = (n) => (front, back) => power(back, n) / power(back + front, n)

/** p = 1 - (front / (front + back))^n. */
const power3Share: ShareFamily = (n) => (front, back) => 1 - power(front / (front + back), n)

/** p = ln(1 + back) / (ln(1 + back) + ln(1 + front)), in base units. */
const logShare: ShareFamily = (lotSize) => (front, back) => {
  const behind = Math.log(1 + back * lotSize)
  return behind / (behind + Math.log(1 + front * lotSize))
}

/** p = ln(1 + back) / ln(1 + back + front), in base units. */
const log2Share: ShareFamily = (lotSize) => (front, back) =>
  Math.log(1 + back * lotSize) / Math.log(1 + (back + front) * lotSize)

/** x^n; the usual small exponents by multiplication, which is several times faster. */
function power(x: number, n: number): number {
  if (n === 3) return x * x * x
  if (n === 2) return x * x
  return n === 1 ? x : x ** n
}

const POWER_SHARES: Readonly<Record<string, ShareFamily>> = {
  'power-prob': powerShare,
  'power-prob2': power2Share,
  'power-prob3': power3Share,
}
const LOG_SHARES: Readonly<Record<string, ShareFamily>> = {
  'log-prob': logShare,
  'log-prob2': log2Share,
}
const FAIR = 'fair-'

/**
 * A decrease that trades do not explain comes from behind with probability
 * back^n / (back^n + front^n).
 *
 * @param exponent n > 0
 * @throws LobtraderError BAD_ARGUMENT when the exponent is not a positive finite number
 */
export function powerProbQueue(exponent: number): QueueModel {
  return exponentModel('power-prob', exponent)
}

/**
 * As {@link powerProbQueue}, but what trades took from the front no longer counts as behind us: the
 * default of backtests.
 *
 * @param exponent n > 0
 * @throws LobtraderError BAD_ARGUMENT when the exponent is not a positive finite number
 */
export function fairPowerProbQueue(exponent: number): QueueModel {
  return exponentModel(`${FAIR}power-prob`, exponent)
}

/** Text of the queue model that backtests take unless told otherwise. */
export const DEFAULT_QUEUE = 'fair-power-prob:3'

function exponentModel(family: string, exponent: number): QueueModel {
  if (!Number.isFinite(exponent) || exponent <= 0) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the exponent of ${family} must be a positive number, was ${exponent}`,
      { value: String(exponent) },
    )
  }
  const share = POWER_SHARES[withoutFair(family)]!(exponent)
  const isFair = family.startsWith(FAIR)
  const place = Object.keys(POWER_SHARES).indexOf(withoutFair(family)) + 1
  const isKnown = exponent === 1 || exponent === 2 || exponent === 3
  const model: QueueModel = {
    name: `${family}:${exponent}`,
    ...(isKnown ? { kernelCode: exponent | (place << 2) | (isFair ? 16 : 0) } : {}),
    frontAfterChange: sharedDecrease(share, isFair),
    forLotSize: () => model,
  }
  return model
}

function logModel(family: string, lotSize = 1): QueueModel {
  const share = LOG_SHARES[withoutFair(family)]!(lotSize)
  return {
    name: family,
    frontAfterChange: sharedDecrease(share, family.startsWith(FAIR)),
    forLotSize: (size) => logModel(family, size),
  }
}

const withoutFair = (family: string): string =>
  family.startsWith(FAIR) ? family.slice(FAIR.length) : family

function sharedDecrease(shareBehind: ShareBehind, isFair: boolean): QueueModel['frontAfterChange'] {
  return (front, traded, before, after) => {
    const decrease = before - after - traded
    if (decrease < 0) return Math.min(front, after)
    const back = isFair ? before - traded - front : before - front
    const share = shareBehind(front, back)
    // 0/0 and a power of a negative place say nothing: the level itself is the only bound left.
    if (Number.isNaN(share)) return after
    const behind = Number.isFinite(share) ? share : 1
    const estimate = front - (1 - behind) * decrease + Math.min(back - behind * decrease, 0)
    return Math.min(estimate, after)
  }
}

/** How a model shares one decrease of a level, for those who follow more than its best guess. */
export interface QueueShare {
  /** True when `back` is to be counted without what trades took from the level. */
  readonly isFair: boolean
  /** The share in [0, 1] of an unexplained decrease that stood behind us. */
  readonly behind: (front: number, back: number) => number
}

/**
 * Returns the share of a queue model; risk-averse sees every decrease behind us.
 *
 * @param text    as {@link parseQueueModel} takes it
 * @param lotSize base units of a lot; only the logarithms ask for it
 * @throws LobtraderError BAD_ARGUMENT when the text names no model
 */
export function queueShare(text: string, lotSize = 1): QueueShare {
  const { name } = parseQueueModel(text)
  if (name === 'risk-averse') return { isFair: true, behind: () => 1 }
  const [family = '', exponent] = name.split(':')
  const plain = withoutFair(family)
  const behind =
    exponent === undefined ? LOG_SHARES[plain]!(lotSize) : POWER_SHARES[plain]!(Number(exponent))
  return { isFair: family.startsWith(FAIR), behind }
}

/** The names that {@link parseQueueModel} takes; each but the first also with `fair-` before it. */
export const QUEUE_MODEL_NAMES: readonly string[] = [
  'risk-averse',
  ...Object.keys(POWER_SHARES).map((family) => `${family}:N`),
  ...Object.keys(LOG_SHARES),
]

/**
 * Reads a queue model from text such as `risk-averse`, `fair-power-prob:3` or `log-prob`.
 *
 * @throws LobtraderError BAD_ARGUMENT when the text names none
 */
export function parseQueueModel(text: string): QueueModel {
  if (text === 'risk-averse') return riskAverseQueue()
  const [family = '', exponent, ...rest] = text.split(':')
  const plain = withoutFair(family)
  if (exponent === undefined && Object.hasOwn(LOG_SHARES, plain)) return logModel(family)
  if (exponent !== undefined && rest.length === 0 && Object.hasOwn(POWER_SHARES, plain)) {
    // An empty text would read as 0 and be told as such.
    return exponentModel(family, exponent.trim() === '' ? Number.NaN : Number(exponent))
  }
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `"${text}" is not a queue model; expected ${QUEUE_MODEL_NAMES.join(', ')} (all but the first also with ${FAIR} before), such as power-prob:3`,
    { value: text },
  )
}
