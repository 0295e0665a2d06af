/** The exchange models by name. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import type { ExchangeSetup } from './exchange-setup.ts'
import { L3Exchange } from './l3-exchange.ts'
import { NoPartialExchange } from './no-partial-exchange.ts'
import { PARTIAL_FORM, parsePartial, partialExchange } from './partial-setup.ts'

const EXCHANGES = [
  { ...partialExchange(), name: 'partial' },
  {
    name: 'no-partial',
    reads: 'levels',
    make: ({ instrument, windows, queue, reports, memory }) =>
      new NoPartialExchange(windows, queue.forLotSize(instrument.lotSize), reports, memory),
  },
  {
    name: 'l3',
    reads: 'orders',
    make: ({ windows, reports }) => new L3Exchange(windows, reports),
  },
] as const satisfies readonly ExchangeSetup[]

/** A name that {@link parseExchange} takes. */
export type ExchangeName = (typeof EXCHANGES)[number]['name']

/** The exchange that backtests take unless told otherwise. */
export const DEFAULT_EXCHANGE: ExchangeName = 'partial'

/** The names that {@link parseExchange} takes. */
export const EXCHANGE_NAMES: readonly ExchangeName[] = EXCHANGES.map(({ name }) => name)

/**
 * Returns the exchange model of a name, which for `partial` may say how we move the market:
 * `partial(impact=power(exponent=0.5,scale=1s))` or `partial(impact=exponential(halflife=30s))`.
 *
 * @throws LobtraderError BAD_ARGUMENT when there is none such
 */
export function parseExchange(name: string): ExchangeSetup {
  const found = EXCHANGES.find((each) => each.name === name) ?? parsePartial(name)
  if (found !== undefined) return found
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `"${name}" is not an exchange model; expected ${EXCHANGE_NAMES.join(', ')}, ${PARTIAL_FORM}${didYouMean(name, EXCHANGE_NAMES)}`,
    { value: name },
  )
}
