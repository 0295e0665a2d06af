/**
 * Draws the pictures of docs/fills.md into docs/pictures, from the library itself:
 * `npm run build && node scripts/run.mjs scripts/draw-pictures.ts`. Everything is seeded: a second
 * run draws the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AvellanedaStoikov, Cerebro, LobFeed, constantLatency, parseQueueModel } from 'lobtrader'
import { Prng } from 'lobtrader/core'
import { simulateMarket } from 'lobtrader/feed'
import { lineFigure, type FigureLine } from 'lobtrader/report'

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))

function draw(name: string, svg: string): void {
  writeFileSync(`${folder}${name}.svg`, `${svg}\n`)
  process.stdout.write(`docs/pictures/${name}.svg\n`)
}

/** The share of a decrease that each model puts behind us, by our place in a level of 100 lots. */
function shareBehind(): string {
  const level = 100
  const names = ['risk-averse', 'power-prob:1', 'power-prob:3', 'power-prob2:3', 'power-prob3:3']
  const lines = [...names, 'log-prob', 'log-prob2'].map((name): FigureLine => {
    const model = parseQueueModel(name).forLotSize(1)
    const points = Array.from({ length: 99 }, (_, i): [number, number] => {
      const front = i + 1
      // So small a decrease that no end of the queue bounds it.
      const moved = front - model.frontAfterChange(front, 0, level, level - 0.01)
      return [front / level, 1 - moved / 0.01]
    })
    return { name, points }
  })
  return lineFigure({
    title: 'Who left? The share of a decrease that stood behind us',
    xTitle: 'our place: lots ahead of us / lots of the level',
    yTitle: 'share behind us',
    lines,
  })
}

/** Our place along one random history of a level. */
function placeInQueue(): string {
  const random = new Prng(11)
  const names = ['risk-averse', 'fair-power-prob:1', 'fair-power-prob:3', 'log-prob']
  const places = names.map((name) => ({
    name,
    model: parseQueueModel(name).forLotSize(1),
    front: 60,
    points: [[0, 60]] as [number, number][],
  }))
  let level = 100
  const levels: [number, number][] = [[0, level]]
  for (let step = 1; step <= 60; step++) {
    const before = level
    // Between two updates others trade, cancel and join; the update shows the sum.
    const traded = random.next() < 0.5 ? 1 + random.nextInt(4) : 0
    const cancelled = random.next() < 0.7 ? random.nextInt(14) : 0
    const joined = random.next() < 0.7 ? random.nextInt(16) : 0
    level = Math.max(0, level - traded - cancelled + joined)
    // The line of one that trades have reached ends: it has filled.
    for (const place of places.filter(({ front }) => front > 0)) {
      place.front = place.model.frontAfterChange(place.front - traded, traded, before, level)
      place.points.push([step, Math.max(0, place.front)])
    }
    levels.push([step, level])
  }
  return lineFigure({
    title: 'One level, four beliefs about our place in it',
    xTitle: 'update of the level',
    yTitle: 'lots ahead of us',
    lines: [
      ...places.map(({ name, points }): FigureLine => ({ name, points, isStep: true })),
      { name: 'lots of the level', points: levels, isStep: true },
    ],
  })
}

const market = simulateMarket({ seed: 1, durationNs: 600e9 })
const feed = LobFeed.fromEvents(market.instrument, market.events)

async function net(settings: {
  readonly latency: number
  readonly queue: string
  readonly exchange: 'no-partial' | 'partial'
  readonly orderSize: number
}): Promise<{ readonly net: number; readonly filled: number }> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, {
    latency: constantLatency({ entry: settings.latency, response: settings.latency }),
    queue: parseQueueModel(settings.queue),
    exchange: settings.exchange,
    fees: { makerBps: -0.5, takerBps: 7 },
  })
  cerebro.addStrategy(AvellanedaStoikov, { orderSize: settings.orderSize })
  const [result] = await cerebro.run({ heatmap: false })
  const { totals, fills } = result!.record
  return { net: totals.net, filled: fills.size.reduce((sum, size) => sum + size, 0) }
}

/** What latency costs a market maker on a simulated market, by queue model. */
async function profitByLatency(): Promise<string> {
  const lines: FigureLine[] = []
  for (const queue of ['risk-averse', 'fair-power-prob:3', 'log-prob']) {
    const points: [number, number][] = []
    for (const ms of [0.5, 1, 2, 5, 10, 20, 50, 100]) {
      const run = await net({ latency: ms * 1e6, queue, exchange: 'partial', orderSize: 0.1 })
      points.push([ms, run.net])
    }
    lines.push({ name: queue, points })
  }
  return lineFigure({
    title: 'Net profit of a market maker by latency',
    xTitle: 'latency each way, ms',
    yTitle: 'net profit, quote currency',
    isLogX: true,
    lines,
  })
}

/** What is filled when orders grow, where own liquidity counts and where it does not. */
async function filledBySize(): Promise<string> {
  const lines: FigureLine[] = []
  for (const exchange of ['no-partial', 'partial'] as const) {
    const points: [number, number][] = []
    for (const orderSize of [0.1, 0.2, 0.5, 1, 2, 5]) {
      const run = await net({ latency: 1e6, queue: 'power-prob:3', exchange, orderSize })
      points.push([orderSize, run.filled])
    }
    lines.push({ name: exchange, points })
  }
  return lineFigure({
    title: 'What fills when orders grow',
    xTitle: 'size of an order, base units',
    yTitle: 'filled in all, base units',
    isLogX: true,
    lines,
  })
}

mkdirSync(folder, { recursive: true })
draw('share-behind', shareBehind())
draw('place-in-queue', placeInQueue())
draw('profit-by-latency', await profitByLatency())
draw('filled-by-size', await filledBySize())
