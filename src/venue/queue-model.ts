/**
 * Queue models: how the lots ahead of a resting order shrink.
 *
 * Formulas: hftbacktest's queue models (documented there after Rigtorp 2013, "Estimating order
 * queue position"). `front` = lots ahead, `back` = lots behind; a trade at our price takes from the
 * front; a decrease of the level that trades do not explain is shared between front and back.
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
}

/** The share of an unexplained decrease that stood behind us, from lots ahead and behind. */
type ShareBehind = (front: number, back: number) => number

/** Only trades move us forward; a level smaller than our place caps it. */
export function riskAverseQueue(): QueueModel {
  return {
    name: 'risk-averse',
    frontAfterChange: (front, _traded, _before, after) => Math.min(front, after),
  }
}

/**
 * A decrease that trades do not explain comes from behind with probability
 * back^n / (back^n + front^n).
 *
 * @param exponent n > 0
 * @throws LobtraderError BAD_ARGUMENT when the exponent is not a positive finite number
 */
export function powerProbQueue(exponent: number): QueueModel {
  if (!Number.isFinite(exponent) || exponent <= 0) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the exponent of power-prob must be a positive number, was ${exponent}`,
      { value: String(exponent) },
    )
  }
  return probabilityQueue(`power-prob:${exponent}`, (front, back) => {
    // Exactly what the formula gives at the ends of the queue, without its two powers.
    if (front === 0 && back > 0) return 1
    if (back === 0 && front > 0) return 0
    const behind = power(back, exponent)
    return behind / (behind + power(front, exponent))
  })
}

/** x^n; the usual small exponents by multiplication, which is several times faster. */
function power(x: number, n: number): number {
  if (n === 3) return x * x * x
  if (n === 2) return x * x
  return n === 1 ? x : x ** n
}

function probabilityQueue(name: string, shareBehind: ShareBehind): QueueModel {
  return {
    name,
    frontAfterChange(front, traded, before, after) {
      const decrease = before - after - traded
      if (decrease < 0) return Math.min(front, after)
      const back = before - front
      const share = shareBehind(front, back)
      // 0/0 and a power of a negative place say nothing: the level itself is the only bound left.
      if (Number.isNaN(share)) return after
      const behind = Number.isFinite(share) ? share : 1
      const estimate = front - (1 - behind) * decrease + Math.min(back - behind * decrease, 0)
      return Math.min(estimate, after)
    },
  }
}

/** The names that {@link parseQueueModel} takes. */
export const QUEUE_MODEL_NAMES = ['risk-averse', 'power-prob:N'] as const

/**
 * Reads a queue model from text such as `risk-averse` or `power-prob:3`.
 *
 * @throws LobtraderError BAD_ARGUMENT when the text names none
 */
export function parseQueueModel(text: string): QueueModel {
  if (text === 'risk-averse') return riskAverseQueue()
  const match = /^power-prob:(.+)$/.exec(text)
  if (match !== null) return powerProbQueue(Number(match[1]))
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `"${text}" is not a queue model; expected ${QUEUE_MODEL_NAMES.join(' or ')}, such as power-prob:3`,
    { value: text },
  )
}
