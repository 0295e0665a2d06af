/** The partial exchange with its options, and their text form. */
import { LobtraderError, readCall } from '../core/index.ts'
import type { ExchangeSetup } from './exchange-setup.ts'
import { exponentialImpact, powerImpact, type ImpactKernel } from './impact/impact-kernel.ts'
import { PartialExchange } from './partial-exchange.ts'

/** Options of {@link partialExchange}. */
export interface PartialOptions {
  /** How what we take moves the market; default: not at all. */
  readonly impact?: ImpactKernel | undefined
}

/** The exchange `partial`, with market impact where it is given. */
export function partialExchange({ impact }: PartialOptions = {}): ExchangeSetup {
  return {
    name: impact === undefined ? 'partial' : `partial(impact=${impact.name})`,
    reads: 'levels',
    make: ({ instrument, windows, queue, reports, memory }) =>
      new PartialExchange(windows, queue.forLotSize(instrument.lotSize), reports, impact, memory),
  }
}

/** The form that {@link parsePartial} takes, for the help of commands. */
export const PARTIAL_FORM =
  'partial(impact=power(exponent=0.5,scale=1s)), partial(impact=exponential(halflife=30s))'

/**
 * Reads `partial` or `partial(impact=KERNEL)`, where the kernel is `exponential(halflife=30s)` or
 * `power(exponent=0.5,scale=1s)`, either with `strength=0.5` where wanted; undefined for a text
 * that names another exchange.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function parsePartial(text: string): ExchangeSetup | undefined {
  if (text === 'partial') return partialExchange()
  const call = readCall(text)
  if (call === undefined || call.name !== 'partial') return undefined
  const impact = call.options.get('impact')
  if (impact === undefined || call.options.size > 1 || call.parts.length > 0) throw refused(text)
  return partialExchange({ impact: parseImpact(impact, text) })
}

function parseImpact(text: string, whole: string): ImpactKernel {
  const call = readCall(text)
  if (call === undefined || call.parts.length > 0) throw refused(whole)
  const { strength, ...rest } = Object.fromEntries(call.options)
  const keys = Object.keys(rest).toSorted().join(' ')
  const more = strength === undefined ? {} : { strength: numberOf(strength) }
  if (call.name === 'exponential' && keys === 'halflife') {
    return exponentialImpact({ halfLife: rest['halflife']!, ...more })
  }
  if (call.name === 'power' && keys === 'exponent scale') {
    return powerImpact({ exponent: numberOf(rest['exponent']!), scale: rest['scale']!, ...more })
  }
  throw refused(whole)
}

/** An empty text would read as 0. */
const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text))

function refused(text: string): LobtraderError {
  return new LobtraderError(
    'BAD_ARGUMENT',
    `"${text}" is not an exchange; expected ${PARTIAL_FORM}`,
    {
      value: text,
    },
  )
}
