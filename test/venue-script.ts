/** Drives a gateway over a tape by a script, and writes what it reports as lines. */
import { memoryTape, type EventColumns, type Instrument, type Side } from '../src/market/index.ts'
import type { OrderType, SpecialTerms, TimeInForce } from '../src/order/index.ts'
import {
  Gateway,
  parseExchange,
  riskAverseQueue,
  type AmendedTerms,
  type ExchangeFill,
  type ExchangeName,
  type TriggeredTerms,
  type VenueOrder,
  type VenueReports,
  type VenueRules,
} from '../src/venue/index.ts'
import { unitInstrument } from './tape.ts'

/** What a script asks for; orders are numbered by their place among those submitted. */
export type Step =
  | ({ readonly at: number } & AskedVenueOrder)
  | { readonly at: number; readonly cancel: number }
  | { readonly at: number; readonly cancelAll: { side?: Side; owner?: number } }
  | {
      readonly at: number
      readonly amend: number
      readonly to: { price?: number; size?: number; trigger?: number }
    }

/** An order in ticks and lots; what is not said is a plain GTC limit. */
export interface AskedVenueOrder extends SpecialTerms {
  readonly side: Side
  readonly size: number
  readonly type?: OrderType
  readonly tif?: TimeInForce
  readonly price?: number
  readonly owner?: number
}

/** Writes reports as lines. */
export class ReportLines implements VenueReports {
  readonly lines: string[] = []
  accepted(index: number, time: number, ahead: number): void {
    this.lines.push(`${time} accepted ${index} behind ${ahead}`)
  }
  filled(index: number, time: number, { sizeLots, priceTicks, isMaker }: ExchangeFill): void {
    this.lines.push(
      `${time} filled ${index} ${sizeLots}@${priceTicks} ${isMaker ? 'maker' : 'taker'}`,
    )
  }
  cancelled(index: number, time: number, reason = ''): void {
    this.lines.push(`${time} cancelled ${index}${reason === '' ? '' : `: ${reason}`}`)
  }
  expired(index: number, time: number, reason: string): void {
    this.lines.push(`${time} expired ${index}: ${reason}`)
  }
  rejected(index: number, time: number, reason: string): void {
    this.lines.push(`${time} rejected ${index}: ${reason}`)
  }
  cancelRejected(index: number, time: number): void {
    this.lines.push(`${time} cancel rejected ${index}`)
  }
  amended(index: number, time: number, { priceTicks, sizeLots }: AmendedTerms): void {
    this.lines.push(`${time} amended ${index} to ${sizeLots}@${priceTicks}`)
  }
  amendRejected(index: number, time: number, reason: string): void {
    this.lines.push(`${time} amend rejected ${index}: ${reason}`)
  }
  parked(index: number, time: number): void {
    this.lines.push(`${time} parked ${index}`)
  }
  triggerMoved(index: number, time: number, ticks: number): void {
    this.lines.push(`${time} trigger of ${index} at ${ticks}`)
  }
  triggered(index: number, time: number, { triggerTicks }: TriggeredTerms): void {
    this.lines.push(`${time} triggered ${index} at ${triggerTicks}`)
  }
}

/** How a script is run. */
export interface VenueSettings {
  readonly exchange?: ExchangeName
  readonly rules?: VenueRules
  readonly instrument?: Instrument
}

/** Returns the order that a script asks for. */
export function venueOrder(asked: AskedVenueOrder, index: number): VenueOrder {
  const { side, size, type = 'limit', tif = 'GTC', price, owner = 0, ...special } = asked
  const hasLimit = type.endsWith('limit')
  const isPlain = (type === 'limit' || type === 'market') && Object.keys(special).length === 0
  const waits = special.triggerTicks !== undefined || special.trail !== undefined
  return {
    index,
    side,
    type,
    timeInForce: tif,
    priceTicks: price ?? (hasLimit ? Number.NaN : 0),
    sizeLots: size,
    owner,
    special:
      isPlain && tif !== 'GTD' && tif !== 'DAY'
        ? undefined
        : { ...special, triggerBy: special.triggerBy ?? (waits ? 'last' : undefined) },
  }
}

/** Runs a script to the end of the tape and returns the lines of what was reported. */
export function runVenue(
  events: EventColumns,
  steps: readonly Step[],
  settings: VenueSettings = {},
): string[] {
  const reports = new ReportLines()
  const gateway = new Gateway({
    exchange: parseExchange(settings.exchange ?? 'no-partial'),
    instrument: settings.instrument ?? unitInstrument,
    windows: memoryTape(events).exchange(),
    queue: riskAverseQueue(),
    reports,
    epochNs: events.epochNs,
    rules: settings.rules,
  })
  const sent: { price: number; size: number; trigger: number }[] = []
  for (const step of steps) {
    while (gateway.advance(step.at));
    if ('cancel' in step) gateway.cancel(step.cancel, step.at)
    else if ('cancelAll' in step) {
      gateway.cancelAll(step.cancelAll.owner ?? 0, step.cancelAll.side, step.at)
    } else if ('amend' in step) {
      const terms = Object.assign(sent[step.amend]!, step.to)
      gateway.amend(
        {
          index: step.amend,
          priceTicks: terms.price,
          sizeLots: terms.size,
          triggerTicks: terms.trigger,
        },
        step.at,
      )
    } else {
      const { at, ...asked } = step
      const order = venueOrder(asked, sent.length)
      sent.push({
        price: order.priceTicks,
        size: order.sizeLots,
        trigger: order.special?.triggerTicks ?? Number.NaN,
      })
      gateway.submit(order, at)
    }
  }
  while (gateway.advance(Number.MAX_SAFE_INTEGER));
  return reports.lines
}
