/**
 * Real orders replayed as if they were ours: taken off the tape and sent to the exchange at their own
 * times, they must fill in the very messages, and by as much, as they did in history. Those that
 * were cancelled must not fill before. All of a test rest in one replay, each of them among real
 * orders and among the others of ours.
 */
import { expect, it } from 'vitest'
import { Prng } from '../../src/core/index.ts'
import { importCapture } from '../../src/feed/index.ts'
import type { EventColumns } from '../../src/market/index.ts'
import { TestFolder, loadRows } from '../import-support.ts'
import { lobsterOrders } from '../lobster-orders.ts'
import { orderLives, type OrderLife } from '../order-lives.ts'
import { byMoment, isAsInHistory, replayOrders, type Outcome } from '../replay-orders.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

const folder = new TestFolder()
const ORDERS = 1000

/** Orders that nothing changed before they filled or went, by chance: as many of both as can be. */
function choose(events: EventColumns, seed: number): OrderLife[] {
  const random = new Prng(seed, 1)
  const drawn = orderLives(events)
    .filter((life) => life.isPlain && !life.isOfSnapshot && !life.hasTaken)
    .map((life) => ({ life, draw: random.next() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ life }) => life)
  const filled = drawn.filter(({ fills }) => fills.length > 0).slice(0, ORDERS / 2)
  const others = drawn.filter(({ fills }) => fills.length === 0).slice(0, ORDERS - filled.length)
  return [...filled, ...others].sort((a, b) => a.arrival - b.arrival)
}

/** Replays, prints how many went as in history, and returns those that did not. */
function replay(what: string, events: EventColumns, lives: readonly OrderLife[]): Outcome[] {
  const outcomes = replayOrders(events, lives)
  const filled = outcomes.filter(({ life }) => life.fills.length > 0)
  const others = outcomes.filter((outcome) => !isAsInHistory(outcome))
  const same = filled.filter(isAsInHistory).length
  process.stdout.write(
    `${what}: ${outcomes.length - others.length} of ${outcomes.length} orders as in history; of ` +
      `${filled.length} that filled ${same} in the very messages; the others: ` +
      `${others.slice(0, 5).map(tell).join('; ') || 'none'}\n`,
  )
  return others
}

function tell({ life, fills, end }: Outcome): string {
  const pieces = (all: typeof fills): string =>
    byMoment(all)
      .map(({ time, lots }) => `${lots} at ${time}`)
      .join(', ') || 'nothing'
  return `${life.side > 0 ? 'bid' : 'ask'} of ${life.arrival}, ${end}: ${pieces(life.fills)} was, ${pieces(fills)} is`
}

describeWithData('a real order replayed as ours', () => {
  it('fills as in history on the ES future, 1,000 orders of a day at once', async () => {
    const store = folder.newStore()
    const file = sharedPath('data/databento/esh4-glbx-mdp3-20231225.mbo.dbn.zst')
    await importCapture({ format: 'dbn', files: [file], store })
    const events = loadRows(store, 'ESH4', 'l3')
    const lives = choose(events, 1)
    expect(lives.filter(({ fills }) => fills.length > 0).length).toBe(ORDERS / 2)
    expect(lives.filter(({ cancelledAt }) => cancelledAt > 0).length).toBeGreaterThan(400)
    const others = replay('ES', events, lives)
    expect(lives.length).toBe(ORDERS)
    expect(others.length).toBeLessThanOrEqual(ORDERS / 100)
    const early = others.filter(({ life, fills }) => life.fills.length === 0 && fills.length > 0)
    expect(early).toEqual([])
  }, 60_000)

  it('fills as in history on NASDAQ, 1,000 orders of AAPL within 50 levels at once', () => {
    const file = 'data/lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz'
    const events = lobsterOrders(sharedPath(file))
    const lives = choose(events, 1)
    expect(lives.filter(({ fills }) => fills.length > 0).length).toBe(ORDERS / 2)
    expect(replay('AAPL', events, lives).length).toBeLessThanOrEqual(ORDERS / 100)
  }, 60_000)
})
