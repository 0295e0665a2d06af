/** Which fields each type of order has, and the sentences for those that it must or cannot have. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import {
  ORDER_TYPES,
  SELF_TRADE_POLICIES,
  TIMES_IN_FORCE,
  TRIGGER_SOURCES,
  type OrderType,
  type TimeInForce,
} from '../order/index.ts'
import type { AskedOrder } from './order-options.ts'

/** Fields that only some types have. */
type Field =
  | 'price'
  | 'trigger'
  | 'triggerBy'
  | 'trail'
  | 'activation'
  | 'limitOffset'
  | 'postOnly'
  | 'displaySize'

/** What an order of a type must and may say. */
interface Form {
  readonly needs: readonly Field[]
  readonly may: readonly Field[]
  readonly tifs: readonly TimeInForce[]
}

const RESTING: readonly TimeInForce[] = ['GTC', 'GTD', 'DAY']
const STOP: Form = { needs: ['trigger'], may: ['triggerBy'], tifs: RESTING }
const STOP_LIMIT: Form = {
  needs: ['trigger', 'price'],
  may: ['triggerBy', 'postOnly', 'displaySize'],
  tifs: TIMES_IN_FORCE,
}

const FORMS: Readonly<Record<OrderType, Form>> = {
  limit: { needs: ['price'], may: ['postOnly', 'displaySize'], tifs: TIMES_IN_FORCE },
  market: { needs: [], may: [], tifs: ['GTC', 'IOC', 'FOK'] },
  stop: STOP,
  'take-profit': STOP,
  'stop-limit': STOP_LIMIT,
  'take-profit-limit': STOP_LIMIT,
  'trailing-stop': {
    needs: ['trail'],
    may: ['trigger', 'triggerBy', 'activation'],
    tifs: RESTING,
  },
  'trailing-stop-limit': {
    needs: ['trail', 'limitOffset'],
    may: ['trigger', 'triggerBy', 'activation', 'postOnly', 'displaySize'],
    tifs: TIMES_IN_FORCE,
  },
  'market-to-limit': { needs: [], may: ['displaySize'], tifs: RESTING },
}

const FIELDS: readonly Field[] = [
  'price',
  'trigger',
  'triggerBy',
  'trail',
  'activation',
  'limitOffset',
  'postOnly',
  'displaySize',
]

/** The article and name of a type in a sentence. */
export const aTypeOf = (type: OrderType): string => `a ${type} order`

/**
 * Returns the type of an order: named, or what its fields make it.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function typeOf(asked: AskedOrder): OrderType {
  if (asked.type !== undefined) return oneOf('type', asked.type, ORDER_TYPES)
  if (asked.trail !== undefined) {
    return asked.limitOffset === undefined ? 'trailing-stop' : 'trailing-stop-limit'
  }
  if (asked.trigger !== undefined) return asked.price === undefined ? 'stop' : 'stop-limit'
  return asked.price === undefined ? 'market' : 'limit'
}

/**
 * Returns the time in force of an order, after a look at everything that must fit together.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function checkedTimeInForce(
  asked: AskedOrder,
  type: OrderType,
  symbol: string,
): TimeInForce {
  const form = FORMS[type]
  for (const field of form.needs) {
    if (asked[field] === undefined) throw bad(`${aTypeOf(type)} of ${symbol} needs a ${field}`)
  }
  for (const field of FIELDS) {
    if (asked[field] === undefined || form.needs.includes(field) || form.may.includes(field))
      continue
    throw bad(`${aTypeOf(type)} of ${symbol} has no ${field}`)
  }
  if (asked.triggerBy !== undefined) oneOf('triggerBy', asked.triggerBy, TRIGGER_SOURCES)
  if (asked.stp !== undefined) oneOf('stp', asked.stp, SELF_TRADE_POLICIES)
  if (asked.postOnly !== undefined) oneOf('postOnly', asked.postOnly, ['reject', 'slide'])
  const tif =
    asked.tif === undefined
      ? asked.expire === undefined
        ? 'GTC'
        : 'GTD'
      : oneOf('tif', asked.tif, TIMES_IN_FORCE)
  checkTif(asked, { type, tif, symbol })
  return tif
}

function checkTif(
  asked: AskedOrder,
  { type, tif, symbol }: { readonly type: OrderType; readonly tif: TimeInForce; symbol: string },
): void {
  const { tifs } = FORMS[type]
  if (!tifs.includes(tif)) {
    throw bad(`${aTypeOf(type)} of ${symbol} cannot be ${tif}; it is ${tifs.join(', ')}`)
  }
  if (tif === 'GTD' && asked.expire === undefined) {
    throw bad(`a GTD order of ${symbol} needs expire: a duration such as '5m', or a moment`)
  }
  if (tif !== 'GTD' && asked.expire !== undefined) {
    throw bad(`expire belongs to a GTD order, and this one of ${symbol} is ${tif}`)
  }
  const isImmediate = tif === 'IOC' || tif === 'FOK'
  for (const field of ['postOnly', 'displaySize'] as const) {
    if (isImmediate && asked[field] !== undefined) {
      throw bad(`${field} asks an order of ${symbol} to rest, and ${tif} never does`)
    }
  }
  if (tif === 'GTX' && asked.postOnly === 'slide') {
    throw bad(
      `an order of ${symbol} that is GTX is refused where it would take; postOnly "slide" moves it`,
    )
  }
}

function oneOf<T extends string>(field: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value)
  if (found !== undefined) return found
  throw bad(
    `${field} "${value}" of an order is none of ${known.join(', ')}${didYouMean(value, known)}`,
    value,
  )
}

/** An order that cannot be. */
export function bad(message: string, value?: string | number): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message, value === undefined ? {} : { value })
}
