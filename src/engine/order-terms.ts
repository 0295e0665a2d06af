/** Turns what a strategy asks for into the integers of an order, or says why it cannot be. */
import type { Instrument, Side } from '../market/index.ts'
import {
  Order,
  hasLimit,
  type OrderRequest,
  type OrderType,
  type SpecialTerms,
  type TimeInForce,
  type TrailDistance,
} from '../order/index.ts'
import { durationNs, instantNs } from '../time/index.ts'
import { bad, checkedTimeInForce, typeOf } from './order-forms.ts'
import { orderLots, orderTicks } from './order-grid.ts'
import type { AskedOrder, OrderChange, OrderOptions, Trail } from './order-options.ts'

/** What an order asks for, in integers. */
export interface OrderTerms {
  type: OrderType
  timeInForce: TimeInForce
  /** 0 for a type without a limit; NaN where the exchange will set it. */
  priceTicks: number
  sizeLots: number
  /** Undefined for what every model of an exchange knows by itself. */
  special: SpecialTerms | undefined
}

/** When an order is sent. */
export interface SendTime {
  /** ns since the epoch. */
  now: number
  /** Unix ns of the epoch. */
  readonly epochNs: bigint
}

/**
 * What one order after the other is made from; an order keeps none of it. A class, because drafts of
 * all runs must share one shape.
 */
export class OrderDraft implements OrderRequest, OrderTerms {
  id = 0
  side: Side = 1
  type: OrderType = 'limit'
  timeInForce: TimeInForce = 'GTC'
  // NaN, so that the numbers are doubles from the first and no order allocates one.
  priceTicks = Number.NaN
  sizeLots = Number.NaN
  special: SpecialTerms | undefined = undefined
  readonly owner: number

  constructor(owner = 0) {
    this.owner = owner
  }
}

/**
 * Writes the terms of an order into `terms`, which may have served another before.
 *
 * @param size base units or contracts
 * @throws LobtraderError OFF_GRID (names the two nearest), NOT_FINITE, NEGATIVE, OUT_OF_RANGE,
 *   BAD_DURATION, BAD_INSTANT or BAD_ARGUMENT
 */
export function readTerms(
  terms: OrderTerms,
  instrument: Instrument,
  options: OrderOptions,
  size: number,
  at: SendTime,
): void {
  const asked: AskedOrder = options
  if (isPlainLimit(asked)) {
    terms.type = 'limit'
    terms.timeInForce = asked.tif ?? 'GTC'
    terms.sizeLots = orderLots(instrument, size)
    terms.priceTicks = orderTicks(instrument, asked.price)
    terms.special = undefined
    return
  }
  const type = typeOf(asked)
  const timeInForce = checkedTimeInForce(asked, type, instrument.symbol)
  const sizeLots = orderLots(instrument, size)
  terms.type = type
  terms.timeInForce = timeInForce
  terms.sizeLots = sizeLots
  terms.priceTicks =
    asked.price === undefined ? unpriced(type) : orderTicks(instrument, asked.price)
  const isPlain = (type === 'limit' || type === 'market') && !saysMore(asked, timeInForce)
  terms.special = isPlain ? undefined : specialTerms(instrument, asked, { sizeLots, at })
}

/** The new terms of an order. */
export interface AmendTerms {
  readonly priceTicks: number
  readonly sizeLots: number
  /** NaN without one. */
  readonly triggerTicks: number
}

/**
 * Returns the terms of an order after a change; what is left out stays as last confirmed.
 *
 * @throws LobtraderError as {@link readTerms}
 */
export function amendedTerms(order: Order, change: OrderChange): AmendTerms {
  const { instrument, type } = order
  const { price, size, trigger } = change
  if (price !== undefined && (!order.hasLimit || type === 'trailing-stop-limit')) {
    throw bad(`a ${type} order of ${instrument.symbol} has no price of its own to amend`)
  }
  if (trigger !== undefined && (order.special?.triggerBy === undefined || order.isTriggered)) {
    throw bad(
      `this ${type} order of ${instrument.symbol} waits for no trigger that could be amended`,
    )
  }
  return {
    priceTicks: price === undefined ? order.priceTicks : orderTicks(instrument, price),
    sizeLots: size === undefined ? order.sizeLots : orderLots(instrument, size),
    triggerTicks:
      trigger === undefined ? order.triggerTicks : orderTicks(instrument, trigger, 'trigger'),
  }
}

type PlainLimit = AskedOrder & {
  readonly price: number
  readonly tif?: Exclude<TimeInForce, 'GTD' | 'DAY'>
}

/** True for most orders that are ever sent: a limit that asks for nothing else and lacks nothing. */
function isPlainLimit(asked: AskedOrder): asked is PlainLimit {
  const { type, tif, price } = asked
  return (
    price !== undefined &&
    (type === undefined || type === 'limit') &&
    (tif === undefined || tif === 'GTX' || tif === 'GTC' || tif === 'IOC' || tif === 'FOK') &&
    asked.trigger === undefined &&
    asked.triggerBy === undefined &&
    asked.trail === undefined &&
    asked.activation === undefined &&
    asked.limitOffset === undefined &&
    asked.expire === undefined &&
    !saysMore(asked, 'GTC')
  )
}

const unpriced = (type: OrderType): number => (hasLimit(type) ? Number.NaN : 0)

function saysMore(asked: AskedOrder, tif: TimeInForce): boolean {
  return (
    tif === 'GTD' ||
    tif === 'DAY' ||
    asked.reduceOnly === true ||
    asked.stp !== undefined ||
    asked.oco !== undefined ||
    asked.ouo !== undefined ||
    asked.parent !== undefined ||
    asked.parentFill !== undefined ||
    asked.postOnly !== undefined ||
    asked.displaySize !== undefined
  )
}

function specialTerms(
  instrument: Instrument,
  asked: AskedOrder,
  { sizeLots, at }: { readonly sizeLots: number; readonly at: SendTime },
): SpecialTerms {
  const ticks = (price: number | undefined, field: string): number | undefined =>
    price === undefined ? undefined : orderTicks(instrument, price, field)
  const waits = asked.trigger !== undefined || asked.trail !== undefined
  checkLinks(instrument, asked)
  return {
    triggerTicks: ticks(asked.trigger, 'trigger'),
    triggerBy: waits ? ((asked.triggerBy ?? 'last') as SpecialTerms['triggerBy']) : undefined,
    trail: asked.trail === undefined ? undefined : trailOf(instrument, asked.trail),
    activationTicks: ticks(asked.activation, 'activation'),
    limitOffsetTicks: ticks(asked.limitOffset, 'limitOffset'),
    displayLots: displayLots(instrument, asked.displaySize, sizeLots),
    reduceOnly: asked.reduceOnly,
    postOnly: asked.postOnly as SpecialTerms['postOnly'],
    expireTime:
      asked.expire === undefined ? undefined : expiry(instrument.symbol, asked.expire, at),
    stp: asked.stp,
    oco: asked.oco,
    ouo: asked.ouo,
    parent: asked.parent,
    parentFill: asked.parentFill,
  }
}

function trailOf(instrument: Instrument, trail: Trail): TrailDistance {
  const { symbol, orderTickStep } = instrument
  const given = Object.entries(trail).filter(([, value]) => value !== undefined)
  const [name, value] = given[0] ?? []
  if (given.length !== 1 || typeof value !== 'number' || !(value > 0)) {
    throw bad(`trail of an order of ${symbol} is one of price, percent and ticks, above 0`)
  }
  if (name === 'percent') {
    if (value >= 100) throw bad(`trail.percent of an order of ${symbol} is below 100; was ${value}`)
    return { by: 'percent', percent: value }
  }
  if (name === 'price') return { by: 'ticks', ticks: orderTicks(instrument, value, 'trail.price') }
  if (name !== 'ticks') throw bad(`trail of an order has no ${name}; it has price, percent, ticks`)
  if (!Number.isSafeInteger(value)) {
    throw bad(`trail.ticks of an order of ${symbol} is a whole number; was ${value}`)
  }
  return { by: 'ticks', ticks: value * orderTickStep }
}

function displayLots(
  instrument: Instrument,
  size: number | undefined,
  sizeLots: number,
): number | undefined {
  if (size === undefined) return undefined
  const lots = orderLots(instrument, size, 'displaySize')
  if (lots <= sizeLots) return lots
  throw bad(
    `displaySize ${size} of an order of ${instrument.symbol} is above its size ${instrument.size(sizeLots)}`,
  )
}

/** What looks like a moment; whether it is one, `instantNs` says. */
const MOMENT = /^\d{4}-|^\d{16,19}$/
const DURATION = /^\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d)$/

/** A number or a text with a unit is a duration from now; anything else a moment. */
function expiry(
  symbol: string,
  expire: NonNullable<AskedOrder['expire']>,
  { now, epochNs }: SendTime,
): number {
  if (typeof expire === 'number' || (typeof expire === 'string' && DURATION.test(expire))) {
    return now + durationNs(expire)
  }
  if (typeof expire === 'string' && !MOMENT.test(expire)) {
    throw bad(
      `expire "${expire}" of an order of ${symbol} is neither a duration such as 5m nor a moment such as 2024-08-08T12:00Z`,
      expire,
    )
  }
  return Number(instantNs(expire) - epochNs)
}

function checkLinks(instrument: Instrument, asked: AskedOrder): void {
  const { symbol } = instrument
  const { oco, ouo, parent, parentFill } = asked
  if (oco !== undefined && ouo !== undefined) {
    throw bad(`an order of ${symbol} is tied by oco or by ouo, not by both`)
  }
  if (parentFill !== undefined && parent === undefined) {
    throw bad(`parentFill of an order of ${symbol} needs a parent`)
  }
  if (parent !== undefined && (parent === oco || parent === ouo)) {
    throw bad(`an order of ${symbol} cannot wait for its parent and be tied to it as well`)
  }
  for (const [field, other] of Object.entries({ oco, ouo, parent })) {
    if (other === undefined) continue
    if (!(other instanceof Order)) {
      throw bad(`${field} of an order of ${symbol} is an order that buy or sell has returned`)
    }
    if (other.instrument !== instrument) {
      throw bad(`${field} of an order of ${symbol} is an order of ${other.instrument.symbol}`)
    }
  }
}
