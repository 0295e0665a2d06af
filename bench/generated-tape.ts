/**
 * A long L2 tape for measuring: exponential distance of updates from a random-walking touch, a few
 * percent trades; the same shape as the prototype's in the design notes.
 */
import { Prng } from 'lobtrader/core'
import { EventKind, EventWriter, Instrument, eventCode, type EventColumns } from 'lobtrader/market'

/** A generated tape and the instrument that it is of. */
export interface GeneratedTape {
  readonly instrument: Instrument
  readonly events: EventColumns
}

/** Makes `rows` events, 0.5 ms apart, received 1 ms after they happened; never crossed. */
export function generateTape(rows: number, seed: number, symbol = 'BENCH'): GeneratedTape {
  const random = new Prng(seed)
  const instrument = new Instrument({
    venue: 'bench',
    symbol,
    kind: 'linear-perpetual',
    base: 'X',
    quote: 'Q',
    tickSize: '0.1',
    lotSize: '0.001',
  })
  const writer = new EventWriter(0n, rows + 4096)
  const feedLatency = 1e6
  let time = 0
  const push = (kind: EventKind, side: 1 | -1 | 0, tick: number, lots: number): void => {
    writer.push(time + feedLatency, time, eventCode(kind, side), tick, lots)
  }
  let bid = 600_000
  let ask = 600_001
  push(EventKind.SnapshotBegin, 0, 0, 0)
  for (let i = 0; i < 500; i++) {
    push(EventKind.SnapshotLevel, 1, bid - i, 1 + random.nextInt(2000))
    push(EventKind.SnapshotLevel, -1, ask + i, 1 + random.nextInt(2000))
  }
  push(EventKind.SnapshotEnd, 0, 0, 0)
  while (writer.length < rows) {
    time += 5e5
    const side = random.next() < 0.5 ? 1 : -1
    const draw = random.next()
    if (draw < 0.06) {
      push(EventKind.Trade, side, side > 0 ? ask : bid, 1 + random.nextInt(300))
    } else if (draw < 0.07) {
      // The touch moves by one tick: the old best goes, the other side follows.
      if (side > 0) {
        push(EventKind.DepthSet, -1, ask, 0)
        ask++
        push(EventKind.DepthSet, -1, ask, 1 + random.nextInt(2000))
        bid++
        push(EventKind.DepthSet, 1, bid, 1 + random.nextInt(2000))
      } else {
        push(EventKind.DepthSet, 1, bid, 0)
        bid--
        push(EventKind.DepthSet, 1, bid, 1 + random.nextInt(2000))
        ask--
        push(EventKind.DepthSet, -1, ask, 1 + random.nextInt(2000))
      }
    } else {
      const distance = Math.floor(random.nextExponential(20))
      const isRemoved = distance > 0 && random.next() < 0.3
      const lots = isRemoved ? 0 : 1 + random.nextInt(2000)
      push(EventKind.DepthSet, side, side > 0 ? bid - distance : ask + distance, lots)
    }
  }
  return { instrument, events: writer.finish() }
}
