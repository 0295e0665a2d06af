/** Writes small market-by-order tapes, and keeps what an exchange says as lines to compare. */
import {
  EventKind,
  EventWriter,
  eventCode,
  memoryTape,
  type EventColumns,
  type Side,
} from '../src/market/index.ts'
import { L3Exchange, type L3ExchangeOptions } from '../src/venue/index.ts'
import type { ExchangeModel, ExchangeOrder, ExchangeReports } from '../src/venue/exchange.ts'

/** Rows of single orders: times in ns, prices in ticks, sizes in lots. */
export class OrderTape {
  readonly #writer = new EventWriter(0n, 16)

  add(time: number, ref: number, side: Side, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.OrderAdd, side), tick, lots, ref)
  }

  modify(time: number, ref: number, tick: number, lots: number, side: Side | 0 = 0): this {
    return this.row(time, eventCode(EventKind.OrderModify, side), tick, lots, ref)
  }

  cancel(time: number, ref: number, lots: number, side: Side | 0 = 0): this {
    return this.row(time, eventCode(EventKind.OrderCancel, side), 0, lots, ref)
  }

  execute(time: number, ref: number, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.OrderExecute, 0), tick, lots, ref)
  }

  fill(time: number, ref: number, side: Side | 0, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.OrderFill, side), tick, lots, ref)
  }

  trade(time: number, aggressor: Side | 0, tick: number, lots: number): this {
    return this.row(time, eventCode(EventKind.Trade, aggressor), tick, lots, -1)
  }

  clear(time: number, side: Side | 0 = 0): this {
    return this.row(time, eventCode(EventKind.DepthClear, side), 0, 0, -1)
  }

  snapshotBegin(time: number): this {
    return this.row(time, eventCode(EventKind.SnapshotBegin, 0), 0, 0, -1)
  }

  snapshotEnd(time: number): this {
    return this.row(time, eventCode(EventKind.SnapshotEnd, 0), 0, 0, -1)
  }

  status(time: number, isOpen: boolean): this {
    return this.row(time, eventCode(EventKind.Status, 0), 0, isOpen ? 1 : 0, -1)
  }

  row(time: number, code: number, tick: number, lots: number, ref: number): this {
    this.#writer.push(time, time, code, tick, lots, ref)
    return this
  }

  events(): EventColumns {
    return this.#writer.finish()
  }
}

/** Reports as lines such as `12 filled 0: 3 at 100, maker behind 2`. */
export class ReportLines implements ExchangeReports {
  readonly lines: string[] = []

  accepted(index: number, time: number, ahead: number): void {
    this.lines.push(`${time} accepted ${index} behind ${ahead}`)
  }

  filled(index: number, time: number, fill: Parameters<ExchangeReports['filled']>[2]): void {
    const role = fill.isMaker ? `maker behind ${fill.queueAheadLots}` : 'taker'
    this.lines.push(`${time} filled ${index}: ${fill.sizeLots} at ${fill.priceTicks}, ${role}`)
  }

  cancelled(index: number, time: number): void {
    this.lines.push(`${time} cancelled ${index}`)
  }

  expired(index: number, time: number, reason: string): void {
    this.lines.push(`${time} expired ${index}: ${reason}`)
  }

  rejected(index: number, time: number, reason: string): void {
    this.lines.push(`${time} rejected ${index}: ${reason}`)
  }

  cancelRejected(index: number, time: number, reason: string): void {
    this.lines.push(`${time} cancel of ${index} rejected: ${reason}`)
  }

  amended(index: number, time: number, terms: Parameters<ExchangeReports['amended']>[2]): void {
    const place = Number.isNaN(terms.queueAheadLots) ? 'anew' : `behind ${terms.queueAheadLots}`
    this.lines.push(`${time} amended ${index}: ${terms.sizeLots} at ${terms.priceTicks}, ${place}`)
  }

  amendRejected(index: number, time: number, reason: string): void {
    this.lines.push(`${time} amendment of ${index} rejected: ${reason}`)
  }
}

/** A request that arrives at the exchange. */
export type OrderRequest = { readonly time: number } & (
  | { readonly kind: 'submit' | 'amend'; readonly order: ExchangeOrder }
  | { readonly kind: 'cancel'; readonly index: number }
)

/** A limit order of ours; its terms may be overridden. */
export function ownOrder(
  index: number,
  side: Side,
  priceTicks: number,
  sizeLots: number,
  more: Partial<ExchangeOrder> = {},
): ExchangeOrder {
  return { index, owner: 0, side, type: 'limit', timeInForce: 'GTC', priceTicks, sizeLots, ...more }
}

/** Hands requests to an exchange at their times and goes on to the end of its tape. */
export function drive(
  exchange: Pick<ExchangeModel, 'advance' | 'submit' | 'amend' | 'cancel'>,
  requests: readonly OrderRequest[],
): void {
  for (const request of requests) {
    while (exchange.advance(request.time));
    if (request.kind === 'cancel') exchange.cancel(request.index, request.time)
    else exchange[request.kind](request.order, request.time)
  }
  while (exchange.advance(Number.POSITIVE_INFINITY));
}

/** What the L3 exchange says of requests over a tape. */
export function l3Reports(
  events: EventColumns,
  requests: readonly OrderRequest[],
  options: L3ExchangeOptions = {},
): string[] {
  const reports = new ReportLines()
  drive(new L3Exchange(memoryTape(events).exchange(), reports, options), requests)
  return reports.lines
}

/** A new order of ours at a time. */
export const submit = (time: number, order: ExchangeOrder): OrderRequest => ({
  time,
  kind: 'submit',
  order,
})
