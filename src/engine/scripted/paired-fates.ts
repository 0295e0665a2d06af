/** Orders of a list that really came to rest, as the fit of queue models asks for them. */
import type { RestingOrderFate } from '../../venue/index.ts'
import type { OrderPair } from './order-agreement.ts'
import type { ScriptedOrder } from './scripted-orders.ts'

/**
 * Returns the fates of the orders that rested both here and there, by their real ends.
 *
 * What a venue does not tell is as in the simulation: an order came to rest one latency after it was
 * sent, behind what stood there, and an unfilled one ended as it did here, or one latency after its
 * cancel was sent. Orders whose first fill is not told, or would have been before they arrived, are
 * left out.
 *
 * @param orders of the list, by id
 * @param entryNs latency to the exchange, ns
 * @param epochNs Unix ns of time 0 of the tape
 */
export function pairedFates(
  pairs: readonly OrderPair[],
  orders: ReadonlyMap<number, ScriptedOrder>,
  { entryNs, epochNs }: { readonly entryNs: number; readonly epochNs: bigint },
): RestingOrderFate[] {
  const since = (unixNs: bigint): number => Number(unixNs - epochNs)
  return pairs.flatMap((pair) => {
    const { simulated, actual } = pair
    const order = orders.get(actual.id)
    const { queueAheadLots: frontLots } = simulated
    if (order === undefined || Number.isNaN(frontLots) || actual.mayHaveRested === false) return []
    const isFilled = actual.filledLots > 0
    if (isFilled && actual.firstFillNs === undefined) return []
    const acceptTime = since(order.timeNs) + entryNs
    const fillTime = isFilled ? since(actual.firstFillNs!) : Number.NaN
    if (fillTime < acceptTime) return []
    const cancelNs = actual.cancelledNs ?? cancelOf(order, pair, entryNs)
    const lastTime = cancelNs === undefined ? Number.POSITIVE_INFINITY : since(cancelNs)
    const endTime = isFilled ? fillTime : Math.max(acceptTime, lastTime)
    const { side, priceTicks: tick, sizeLots: lots } = order
    return [{ side, tick, lots, acceptTime, fillTime, endTime, frontLots }]
  })
}

/** When an order that was not filled was cancelled, where its venue does not tell: as it was here. */
function cancelOf(
  { cancelNs }: ScriptedOrder,
  { simulated }: OrderPair,
  entryNs: number,
): bigint | undefined {
  if (simulated.status === 'Canceled') return simulated.exchNs
  // One that was never cancelled here was not known as open when its cancel was due.
  if (simulated.status === 'New' || cancelNs === undefined) return undefined
  return cancelNs + BigInt(entryNs)
}
