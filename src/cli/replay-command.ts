/** `lobtrader replay`: the events of a store in the order and at the pace at which they came. */
import { FusedBook, OrderBook, OrderBookL3 } from '../book/index.ts'
import { LobtraderError } from '../core/index.ts'
import { LobFeed, ReplayFeed, readLocalBook, type ReplaySpeed } from '../feed/index.ts'
import { openStore } from '../store/index.ts'
import { HighPrecisionClock, formatDuration, formatInstant } from '../time/index.ts'
import { makeCommand, type Answer, type CommandContext, type CommandEntry } from './command.ts'
import { LOCAL_BOOK_HELP } from './local-book-option.ts'
import { ReplayLine, topText } from './replay-line.ts'
import { ReplayTally } from './replay-tally.ts'
import { grouped, textPairs } from './table.ts'

interface ReplayOptions {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly kind?: string
  readonly from?: string
  readonly to?: string
  readonly speed: string
  readonly memory?: string
  readonly localBook?: string
}

type Book = OrderBook | OrderBookL3

/** The command. */
export function replayCommand(): CommandEntry {
  const command = makeCommand({
    name: 'replay',
    description:
      'Replay the events of one instrument by the clock and show the top of its book; ends with counts, times and the final top.',
    examples: [
      [
        'lobtrader replay --store ./store --symbol BTCUSDT --from 2024-08-08T23:55Z --speed 10x',
        'watch the market from a moment on, ten times as fast as it was',
      ],
      [
        'lobtrader replay --store ./store --symbol BTCUSDT --speed max --json',
        'go through everything as fast as possible, for a script',
      ],
    ],
  })
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it')
    .option('--speed <factor>', 'times real time, such as 10x or 0.5x; max: do not wait', '1x')
    .option('--from <moment>', 'begin here (ISO 8601, UTC unless it says); default: the start')
    .option('--to <moment>', 'end here, inclusive; default: the end')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .option(
      '--memory <size>',
      'stream the events within this much memory (512MB); default: load them all',
    )
    .option('--local-book <kind>', LOCAL_BOOK_HELP, 'depth')
    .option('--kind <name>', 'kind of events, l2 or l3; default: l2 where the store has it')
  return {
    command,
    isInterruptible: true,
    action: async (context) => await runReplay(command.opts<ReplayOptions>(), context),
  }
}

async function runReplay(
  options: ReplayOptions,
  { terminal, signal }: CommandContext,
): Promise<Answer> {
  const speed = readSpeed(options.speed)
  const kind = options.kind ?? kindIn(options)
  const localBook = readLocalBook(options.localBook)
  const feed = await LobFeed.open(options.store, { ...options, kind, localBook })
  const replay = new ReplayFeed(feed, { speed, signal })
  const book = bookFor(feed, kind)
  const tally = new ReplayTally()
  const line = new ReplayLine(terminal, { book, epochNs: replay.epochNs, speed: options.speed })
  const startNs = HighPrecisionClock.monotonicNs()
  try {
    await replay.run((batch) => {
      book.apply(batch.events, batch.fromRow, batch.toRow)
      if (batch.isCatchUp) return
      tally.add(batch)
      line.update(batch.time, tally)
    })
  } finally {
    line.finish()
  }
  const wallNs = Number(HighPrecisionClock.monotonicNs() - startNs)
  return answerOf({ feed, book, tally, replay, wallNs })
}

function bookFor({ instrument, localBook }: LobFeed, kind: string): Book {
  if (kind === 'l3') return new OrderBookL3(instrument)
  return localBook === 'fused' ? new FusedBook(instrument) : new OrderBook(instrument)
}

/** What a replay has left. */
interface Replayed {
  readonly feed: LobFeed
  readonly book: Book
  readonly tally: ReplayTally
  readonly replay: ReplayFeed
  readonly wallNs: number
}

function answerOf({ feed, book, tally, replay, wallNs }: Replayed): Answer {
  const { instrument, source } = feed
  const { events, messages, trades, firstTime, lastTime } = tally
  const fromNs = replay.epochNs + BigInt(firstTime)
  const toNs = replay.epochNs + BigInt(lastTime)
  const marketNs = lastTime - firstTime
  const best = (price: number, size: number): readonly [number, number] | null =>
    Number.isNaN(price) ? null : [price, size]
  return {
    json: {
      venue: instrument.spec.venue,
      symbol: instrument.symbol,
      speed: replay.speed,
      events,
      messages,
      trades,
      from: String(fromNs),
      to: String(toNs),
      marketNs,
      wallNs,
      final: {
        status: book.status,
        bestBid: best(book.bestBid, book.bestBidSize),
        bestAsk: best(book.bestAsk, book.bestAskSize),
      },
    },
    text: textPairs([
      ['replayed', source],
      ['events', `${grouped(events)} in ${grouped(messages)} messages, ${grouped(trades)} trades`],
      ['from', formatInstant(fromNs)],
      ['to', formatInstant(toNs)],
      ['market time', formatDuration(marketNs)],
      ['wall time', `${formatDuration(wallNs)}, ${rateText(events, wallNs)}`],
      ['final book', `${topText(book)}, ${book.status}`],
    ]),
  }
}

const rateText = (events: number, wallNs: number): string =>
  `${grouped(Math.round((events / Math.max(wallNs, 1)) * 1e9))} events/s`

/** Where the store has no book of levels it may have one of orders. */
function kindIn({ store, symbol, venue }: ReplayOptions): string {
  const partitions = openStore(store).select({ symbol, venue })
  const kinds = new Set(partitions.map((partition) => partition.kind))
  return kinds.has('l3') && !kinds.has('l2') ? 'l3' : 'l2'
}

/** Reads `10x`, `0.5x`, `10` or `max`. */
function readSpeed(text: string): ReplaySpeed {
  if (text === 'max') return 'max'
  const speed = /^\d+(?:\.\d+)?x?$/.test(text) ? Number(text.replace('x', '')) : Number.NaN
  if (speed > 0) return speed
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `--speed "${text}" is not a speed; expected a number above 0 such as 10x or 0.5x, or max`,
    { value: text },
  )
}
