/** Small Bitstamp order feeds, as their logs and tables are, for tests. */

/** 2015-05-01T00:00:00Z in ms. */
export const START_MS = 1_430_438_400_000

/** A line about an order: `type` 0 is a buy, 1 a sale; seconds of its creation are those of `ms`. */
export function orderLine(
  ms: number,
  event: 'created' | 'changed' | 'deleted',
  order: {
    readonly id: number
    readonly price: string
    readonly amount: string
    readonly type: 0 | 1
  },
): string {
  const datetime = String(Math.floor((START_MS + ms) / 1000))
  const { id, price, amount, type } = order
  const json = { price, amount, datetime, id, order_type: type }
  return `${START_MS + ms} order_${event} ${JSON.stringify(json)}`
}

/** A line about a trade. */
export function tradeLine(
  ms: number,
  id: number,
  price: number,
  amount: number,
  more = {},
): string {
  return `${START_MS + ms} trade ${JSON.stringify({ price, amount, id, ...more })}`
}

/** A line with the best levels. */
export function bookLine(ms: number, bid: string | undefined, ask: string | undefined): string {
  const side = (price: string | undefined): string[][] =>
    price === undefined ? [] : [[price, '1.0']]
  return `${START_MS + ms} order_book ${JSON.stringify({ bids: side(bid), asks: side(ask) })}`
}

/** Lines of a small feed. */
export function smallLog(): string[] {
  const bid = { id: 5, price: '236.40', type: 0 } as const
  const ask = { id: 6, price: '236.50', type: 1 } as const
  const taker = { id: 7, price: '236.39', type: 1 } as const
  return [
    orderLine(0, 'deleted', { id: 1, price: '236.00', amount: '1.00000000', type: 0 }),
    orderLine(10, 'created', { ...bid, amount: '2.00000000' }),
    orderLine(20, 'created', { ...ask, amount: '1.00000000' }),
    orderLine(1100, 'created', { ...taker, amount: '0.50000000' }),
    orderLine(1110, 'changed', { ...bid, amount: '1.75000000' }),
    orderLine(1111, 'changed', { ...taker, amount: '0.25000000' }),
    tradeLine(1112, 900, 236.4, 0.25),
    orderLine(1200, 'changed', { ...taker, price: '236.41', amount: '0.25000000' }),
    orderLine(1300, 'deleted', { ...taker, price: '236.41', amount: '0.00000000' }),
    tradeLine(1301, 903, 236.41, 1e-8, { type: 1 }),
    bookLine(1400, '236.40', '236.50'),
    orderLine(1500, 'changed', { ...bid, amount: '3.00000000' }),
    orderLine(1600, 'deleted', { ...ask, amount: '0.40000000' }),
    `${START_MS + 1700} subscribed {}`,
    bookLine(3_600_000, '236.40', undefined),
    bookLine(3_600_001, '236.41', '236.60'),
  ]
}

/** Small files for the fuzz campaign. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const table = [
    'id,timestamp,exchange.timestamp,price,volume,action,direction',
    `5,${START_MS},${START_MS},236.4,200000000,created,bid`,
    `6,${START_MS + 5},${START_MS},236.5,1,created,ask`,
    `5,${START_MS + 9},${START_MS},236.4,150000000,changed,bid`,
    `5,${START_MS + 9},${START_MS},236.4,0,deleted,bid`,
  ]
  return [
    { name: 'bitstamp_BTCUSD_raw.log', bytes: Buffer.from(`${smallLog().join('\n')}\n`) },
    { name: 'bitstamp_BTCUSD_orders.csv', bytes: Buffer.from(table.join('\n')) },
  ]
}
