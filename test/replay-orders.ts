/** Sends real orders of a tape through an exchange as if they were ours, at their own times. */
import { memoryTape, type EventColumns } from '../src/market/index.ts'
import { L3Exchange, type ExchangeReports } from '../src/venue/index.ts'
import { withoutOrders, type OrderLife, type Piece } from './order-lives.ts'

/** What became of an order of ours. */
export interface Outcome {
  readonly life: OrderLife
  readonly fills: Piece[]
  /** `rests` until something else is told. */
  end: string
}

/** Replays all of `lives` at once. */
export function replayOrders(events: EventColumns, lives: readonly OrderLife[]): Outcome[] {
  const outcomes = lives.map((life): Outcome => ({ life, fills: [], end: 'rests' }))
  const tell =
    (end: string) =>
    (index: number): void => {
      outcomes[index]!.end = end
    }
  const reports: ExchangeReports = {
    accepted: () => undefined,
    filled: (index, time, { sizeLots, isMaker }) => {
      outcomes[index]!.fills.push({ time, lots: sizeLots })
      if (!isMaker) outcomes[index]!.end = 'took'
    },
    cancelled: tell('cancelled'),
    expired: tell('expired'),
    rejected: tell('rejected'),
    cancelRejected: () => undefined,
    amended: () => undefined,
    amendRejected: () => undefined,
  }
  const exchange = new L3Exchange(memoryTape(withoutOrders(events, lives)).exchange(), reports)
  const requests = lives.flatMap((life, index) => [
    { time: life.arrival, index, isCancel: false },
    // A cancellation is part of its message: it comes before the trade that it spares the order.
    { time: life.cancelledAt - 1, index, isCancel: true },
  ])
  const sent = requests.filter(({ time }) => !Number.isNaN(time))
  for (const { time, index, isCancel } of sent.sort((a, b) => a.time - b.time)) {
    while (exchange.advance(time));
    const { side, tick: priceTicks, lots: sizeLots } = lives[index]!
    if (isCancel) exchange.cancel(index, time)
    else {
      const terms = { side, priceTicks, sizeLots, type: 'limit', timeInForce: 'GTC' } as const
      exchange.submit({ index, owner: 0, ...terms }, time)
    }
  }
  while (exchange.advance(Number.POSITIVE_INFINITY));
  return outcomes
}

/** Fills of one moment of the venue's clock as one. */
export function byMoment(fills: readonly Piece[]): Piece[] {
  const moments: { time: number; lots: number }[] = []
  for (const { time, lots } of fills) {
    const last = moments[moments.length - 1]
    if (last?.time === time) last.lots += lots
    else moments.push({ time, lots })
  }
  return moments
}

/** True when an order of ours filled in the very messages in which the real one did, by as much. */
export function isAsInHistory({ life, fills }: Outcome): boolean {
  return JSON.stringify(byMoment(fills)) === JSON.stringify(byMoment(life.fills))
}
