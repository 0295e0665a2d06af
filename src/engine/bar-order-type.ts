/** Which orders bars can fill. */
import { LobtraderError } from '../core/index.ts'
import type { OrderTerms } from './order-terms.ts'

/** The type of an order that bars can fill. @throws LobtraderError UNSUPPORTED */
export function barOrderType({ type, timeInForce, special }: OrderTerms): 'limit' | 'market' {
  if (type !== 'limit' && type !== 'market') {
    throw unsupported(`a ${type} order needs an order book; on bars an order is limit or market`)
  }
  if (timeInForce !== 'GTC') {
    throw unsupported(`time in force ${timeInForce} needs an order book; on bars an order is GTC`)
  }
  const asked = Object.entries(special ?? {}).find(([, value]) => value !== undefined)
  if (asked === undefined) return type
  throw unsupported(`${asked[0]} of an order needs an order book; bars have no such orders`)
}

const unsupported = (message: string): LobtraderError => new LobtraderError('UNSUPPORTED', message)
