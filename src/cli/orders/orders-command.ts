/** `lobtrader orders`: what becomes of a list of orders, by the simulator. */
import { LobtraderError } from '../../core/index.ts'
import {
  Cerebro,
  compareOrders,
  delayedFeed,
  orderOutcomes,
  pairOrders,
  scriptedOrders,
  type AccountOptions,
  type BookDataOptions,
  type OrderAgreement,
  type ProgressOption,
  type RunResult,
} from '../../engine/index.ts'
import { LobFeed, readLocalBook } from '../../feed/index.ts'
import { readAccount, type AccountFlags } from '../account-options.ts'
import { readCash, readSeed } from '../backtest-command.ts'
import { makeCommand, type Answer, type CommandContext, type CommandEntry } from '../command.ts'
import { LOCAL_BOOK_HELP } from '../local-book-option.ts'
import { readMarkets } from '../market-options.ts'
import { bookOptions, kindFor, readVenues, type VenueFlags } from '../venue-flags.ts'
import { addVenueOptions } from '../venue-options.ts'
import { FILL_COLUMNS, readActual } from './actual-file.ts'
import { calibrate, calibrationStart, type Calibrated } from './calibrate-run.ts'
import { ORDER_COLUMNS, checkOrderList, readOrderList, type ListedOrder } from './order-list.ts'
import { OUTCOME_COLUMNS, writeOutcomes } from './outcome-file.ts'
import { ordersAnswer } from './orders-answer.ts'

interface OrdersOptions extends AccountFlags, VenueFlags {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly seed: number
  readonly cash?: number
  readonly localBook: string
  readonly memory?: string
  readonly out?: string
  readonly actual?: string
  readonly calibrate?: true
}

/** The command. */
export function ordersCommand(): CommandEntry {
  const command = makeCommand({
    name: 'orders',
    description:
      'Send a list of orders through the simulator and tell what became of each; hold it against what a venue really did with them, and fit latency and queue model to that.',
    examples: [
      [
        'lobtrader orders orders.csv --store ./store --symbol BTCUSDT --latency 5ms,5ms --queue power-prob:3 --exchange no-partial --fees maker=-0.5bps,taker=7bps --out outcomes.csv',
        'the outcome of each order as a file',
      ],
      [
        'lobtrader orders orders.csv --store ./store --symbol BTCUSDT --latency 5ms,5ms --actual fills.csv --calibrate --json',
        'how well that agrees with what really happened, and under which setting it would agree best',
      ],
    ],
  })
    .argument('<orders>', `CSV of orders, plain or gzip: ${ORDER_COLUMNS.join(',')}`)
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it, or venue:symbol')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .option('--seed <integer>', 'decides everything random', readSeed, 0)
    .option('--cash <amount>', 'starting cash, settlement currency; default: 0', readCash)
    .option('--local-book <kind>', LOCAL_BOOK_HELP, 'depth')
    .option(
      '--memory <size>',
      'stream the events within this much memory (512MB); default: load them all',
    )
    .option('--out <file>', `write what became of each order here: ${OUTCOME_COLUMNS.join(',')}`)
    .option(
      '--actual <file>',
      `what the venue did with these orders: a file as --out writes it, or one row for each fill: ${FILL_COLUMNS.join(',')}, price_tick or price, qty_lots or qty, perhaps maker`,
    )
    .option(
      '--calibrate',
      'fit a constant latency and the exponent of the queue model to half of --actual, judge them by the other half',
    )
  addVenueOptions(command, false)
  return {
    command,
    action: async (context) =>
      await runOrders(command.args[0]!, command.opts<OrdersOptions>(), context),
  }
}

async function runOrders(
  file: string,
  options: OrdersOptions,
  { terminal }: CommandContext,
): Promise<Answer> {
  const markets = readMarkets([options.symbol], options.venue)
  const [market] = markets
  const models = readVenues(markets, options)(market!)
  const account = readAccount(options, options.cash)
  const readsOrders = models.exchange.reads === 'orders'
  if (options.calibrate !== undefined && options.actual === undefined) {
    throw new LobtraderError('BAD_ARGUMENT', '--calibrate needs --actual: what it is to fit')
  }
  const start =
    options.calibrate === undefined
      ? undefined
      : calibrationStart(models.latencyText, readsOrders ? undefined : options.queue)
  const orders = readOrderList(file)
  const { memory, seed, cash } = options
  const kind = kindFor(models.exchange)
  const localBook = readLocalBook(options.localBook)
  const recorded = await LobFeed.open(options.store, { ...market!, kind, memory, localBook })
  const { feedDelay, ...venue } = bookOptions(models, recorded.instrument)
  // Orders are sent by the clock of those who see the feed late: within what they saw.
  const feed = delayedFeed(recorded, feedDelay, { seed, stream: 0 })
  checkOrderList(orders, feed)
  const { instrument } = feed
  const actual =
    options.actual === undefined
      ? undefined
      : readActual(options.actual, { orders, listFile: file, instrument })
  const given = { feed, orders, seed, cash, account }
  const result = await send({ ...given, venue, progress: true })
  const outcomes = orderOutcomes(result, orders)
  if (options.out !== undefined) writeOutcomes(options.out, outcomes)
  let agreement: OrderAgreement | undefined
  let calibrated: Calibrated | undefined
  if (actual !== undefined) agreement = compareOrders(pairOrders(outcomes, actual), seed)
  if (actual !== undefined && start !== undefined) {
    calibrated = await calibrate(start, {
      actual,
      seed,
      terminal,
      orders,
      tape: feed.tape,
      simulate: async (latency, queue) => {
        const trial = { ...venue, latency, queue: queue ?? models.queue }
        return orderOutcomes(await send({ ...given, venue: trial, progress: false }), orders)
      },
    })
  }
  return ordersAnswer({ result, outcomes, out: options.out, agreement, calibrated })
}

async function send(job: {
  readonly feed: LobFeed
  readonly orders: readonly ListedOrder[]
  readonly venue: BookDataOptions
  readonly seed: number
  readonly cash: number | undefined
  readonly account: AccountOptions | undefined
  readonly progress: ProgressOption
}): Promise<RunResult> {
  const { cash, account } = job
  const cerebro = new Cerebro({
    ...(cash === undefined ? {} : { cash }),
    ...(account === undefined ? {} : { account }),
  })
  cerebro.addData(job.feed, job.venue)
  cerebro.addStrategy(scriptedOrders(job.orders), {}, 'orders')
  const { seed, progress } = job
  const [result] = await cerebro.run({ seed, progress, heatmap: false })
  return result!
}
