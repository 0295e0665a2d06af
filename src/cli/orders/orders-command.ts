/** `lobtrader orders`: what becomes of a list of orders, by the simulator. */
import { Cerebro, orderOutcomes, scriptedOrders, type RunResult } from '../../engine/index.ts'
import { LobFeed } from '../../feed/index.ts'
import {
  EXCHANGE_NAMES,
  QUEUE_MODEL_NAMES,
  parseExchange,
  parseQueueModel,
} from '../../venue/index.ts'
import { readSeed } from '../backtest-command.ts'
import { makeCommand, type Answer, type CommandEntry } from '../command.ts'
import { FEES_HELP, readFees } from '../fees-option.ts'
import { LATENCY_HELP, readLatency } from '../latency-option.ts'
import { ORDER_COLUMNS, checkOrderList, readOrderList } from './order-list.ts'
import { writeOutcomes } from './outcome-file.ts'
import { ordersAnswer } from './orders-answer.ts'

interface OrdersOptions {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly latency: string
  readonly queue: string
  readonly exchange: string
  readonly fees: string
  readonly seed: number
  readonly memory?: string
  readonly out?: string
}

/** The command. */
export function ordersCommand(): CommandEntry {
  const command = makeCommand({
    name: 'orders',
    description:
      'Send a list of orders through the simulator and tell what became of each: filled, canceled, expired, at which price, when.',
    examples: [
      [
        'lobtrader orders orders.csv --store ./store --symbol BTCUSDT --latency 5ms,5ms --queue power-prob:3 --exchange no-partial --fees maker=-0.5bps,taker=7bps --out outcomes.csv',
        'the outcome of each order as a file',
      ],
    ],
  })
    .argument('<orders>', `CSV of orders, plain or gzip: ${ORDER_COLUMNS.join(',')}`)
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .option('--latency <entry,response>', LATENCY_HELP, '1ms,1ms')
    .option(
      '--queue <model>',
      `how our place in the queue moves: ${QUEUE_MODEL_NAMES.join(', ')}`,
      'power-prob:3',
    )
    .option('--exchange <model>', `how orders fill: ${EXCHANGE_NAMES.join(', ')}`, 'no-partial')
    .option('--fees <rates>', FEES_HELP, 'maker=0bps,taker=0bps')
    .option('--seed <integer>', 'decides everything random', readSeed, 0)
    .option(
      '--memory <size>',
      'stream the events within this much memory (512MB); default: load them all',
    )
    .option('--out <file>', 'write what became of each order here, as CSV')
  return {
    command,
    action: async () => await runOrders(command.args[0]!, command.opts<OrdersOptions>()),
  }
}

async function runOrders(file: string, options: OrdersOptions): Promise<Answer> {
  const venue = {
    latency: readLatency(options.latency),
    queue: parseQueueModel(options.queue),
    exchange: parseExchange(options.exchange),
    fees: readFees(options.fees),
  }
  const orders = readOrderList(file)
  const { symbol, memory } = options
  const kind = venue.exchange.reads === 'orders' ? 'l3' : 'l2'
  const feed = await LobFeed.open(options.store, { symbol, venue: options.venue, kind, memory })
  checkOrderList(orders, feed)
  const cerebro = new Cerebro()
  cerebro.addData(feed, venue)
  cerebro.addStrategy(scriptedOrders(orders), {}, 'orders')
  const [result] = (await cerebro.run({
    progress: true,
    seed: options.seed,
    heatmap: false,
  })) as [RunResult]
  const outcomes = orderOutcomes(result, orders)
  if (options.out !== undefined) writeOutcomes(options.out, outcomes)
  return ordersAnswer({ result, outcomes, out: options.out })
}
