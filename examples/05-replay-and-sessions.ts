// A market played again by a clock, its trades signed by the quotes that they met, its bars by session.
import {
  LobFeed,
  ManualClock,
  OrderBook,
  ReplayFeed,
  TickFeed,
  TradingCalendar,
  matchTradesQuotes,
  simulateMarket,
  tradeSides,
} from 'lobtrader'

const { instrument, events } = simulateMarket({ seed: 5, durationNs: 180e9 })
// On your own data: await LobFeed.open('./store', { symbol: 'BTCUSDT' })
const feed = LobFeed.fromEvents(instrument, events)

// With a clock that we move by hand, a replay in real time takes none; leave it out to watch.
const clock = new ManualClock()
const replay = new ReplayFeed(feed, { speed: 1, clock })
const book = new OrderBook(instrument)
const done = replay.run((batch) => book.apply(batch.events, batch.fromRow, batch.toRow))
while (replay.state !== 'ended') {
  await Promise.resolve()
  if (clock.nextDeadline < Number.POSITIVE_INFINITY) clock.moveTo(clock.nextDeadline)
}
await done
console.log(`replayed ${(clock.now() / 1e9).toFixed(1)} s: ${book.bestBid} | ${book.bestAsk}`)

const ticks = TickFeed.of(feed)
const trades = ticks.trades()
const { midPrice } = matchTradesQuotes(trades, ticks.quotes(), { strict: true })
const sides = tradeSides({ ...trades, side: new Int8Array(trades.length) }, midPrice)
const right = sides.filter((side, i) => side === trades.side[i]).length
console.log(`Lee and Ready told ${right} of ${trades.length} aggressors`)

const minute = (from: string, to: string) => ({ phase: 'continuous', from, to }) as const
const plan = [minute('00:00', '00:01'), minute('00:02', '00:03')]
const calendar = new TradingCalendar({
  name: 'two minutes with a break',
  timeZone: 'UTC',
  week: { sun: plan, mon: plan, tue: plan, wed: plan, thu: plan, fri: plan, sat: plan },
})
const { bars } = ticks.bars({ by: 'volume', size: 20 }, { calendar })
console.log(`${bars.length} bars of volume in its sessions, none over the break`)
