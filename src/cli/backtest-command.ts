/** `lobtrader backtest`: one strategy over one instrument of a store. */
import { LobtraderError } from '../core/index.ts'
import { LobFeed } from '../feed/index.ts'
import {
  DEFAULT_EXCHANGE,
  DEFAULT_QUEUE,
  EXCHANGE_NAMES,
  PARTIAL_FORM,
  QUEUE_MODEL_NAMES,
  parseExchange,
  parseQueueModel,
  parseRateLimit,
} from '../venue/index.ts'
import { MONEY_HELP, readAccount, readFunding, type MoneyFlags } from './account-options.ts'
import { FEES_HELP, readFees } from './fees-option.ts'
import { LATENCY_HELP, readFeedDelay, readLatency } from './latency-option.ts'
import { chooseStrategy, readParameters, strategyHelp } from './choose-strategy.ts'
import { collect, makeCommand, type Answer, type CommandEntry } from './command.ts'
import { runSession } from './run-session.ts'

interface BacktestOptions extends MoneyFlags {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly strategy: string
  readonly set?: readonly string[]
  readonly latency: string
  readonly rateLimit?: readonly string[]
  readonly feedDelay?: string
  readonly queue: string
  readonly exchange: string
  readonly fees: string
  readonly from?: string
  readonly to?: string
  readonly seed: number
  readonly cash?: number
  readonly memory?: string
  readonly report?: string
}

/** The command. */
export function backtestCommand(): CommandEntry {
  const command = makeCommand({
    name: 'backtest',
    description: 'Run a strategy over the order book of one instrument in a store.',
    examples: [
      [
        'lobtrader backtest --store ./store --symbol BTCUSDT --strategy avellaneda-stoikov --set riskAversion=0.5 --set maxInventory=5 --latency 1ms,1ms --queue fair-power-prob:3 --fees maker=-0.5bps,taker=7bps --report out/',
        'a built-in market maker, with a report to look at',
      ],
      [
        'lobtrader backtest --store ./store --symbol BTCUSDT --strategy ./my-strategy.ts --from 2024-08-08T23:55Z --to 2024-08-09 --json',
        'a strategy of your own, over a part of the data, for a script',
      ],
    ],
  })
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .requiredOption('--strategy <name|file>', 'a built-in strategy, or a .ts or .js file')
    .option('--set <name=value>', 'a parameter of the strategy; may be given many times', collect)
    .option('--latency <entry,response>', LATENCY_HELP, '1ms,1ms')
    .option(
      '--rate-limit <limit>',
      'requests that the venue takes: 10/s, sliding(300/10s), bucket(15/s,burst=30), cancels uncounted as fixed(1200/1m,cancel=0); may be given many times',
      collect,
    )
    .option(
      '--feed-delay <time>',
      'how much later (-2ms: earlier) events reach us than where they were recorded; may be drawn as latencies are; default: as recorded',
    )
    .option(
      '--queue <model>',
      `how our place in the queue moves: ${QUEUE_MODEL_NAMES.join(', ')}`,
      DEFAULT_QUEUE,
    )
    .option(
      '--exchange <model>',
      `how orders fill: ${EXCHANGE_NAMES.join(', ')}; l3 reads single orders, the others price levels; with market impact ${PARTIAL_FORM}`,
      DEFAULT_EXCHANGE,
    )
    .option('--fees <rates>', FEES_HELP, 'maker=0bps,taker=0bps')
    .option('--leverage <number>', MONEY_HELP.leverage)
    .option('--margin <mode>', MONEY_HELP.margin)
    .option('--liquidation-fee <share>', MONEY_HELP.liquidationFee)
    .option('--funding <file>', MONEY_HELP.funding)
    .option('--from <moment>', 'trade from here (ISO 8601, UTC unless it says); default: the start')
    .option('--to <moment>', 'end here, inclusive; a date alone is its midnight; default: the end')
    .option('--seed <integer>', 'decides everything random in the run', readSeed, 0)
    .option('--cash <amount>', 'starting cash, settlement currency; default: 0', readCash)
    .option(
      '--memory <size>',
      'stream the events within this much memory (512MB); default: load them all',
    )
    .option('--report <dir>', 'write index.html, run.json, orders.csv and fills.csv here')
    .addHelpText('after', () => `\nBuilt-in strategies and their parameters:\n${strategyHelp()}`)
  return { command, action: async () => await backtest(command.opts<BacktestOptions>()) }
}

async function backtest(options: BacktestOptions): Promise<Answer> {
  // Whatever can be wrong is looked at before the data is read, which may take a while.
  const venue = {
    latency: readLatency(options.latency),
    feedDelay: options.feedDelay === undefined ? undefined : readFeedDelay(options.feedDelay),
    rateLimits: (options.rateLimit ?? []).map((limit) => parseRateLimit(limit)),
    queue: parseQueueModel(options.queue),
    exchange: parseExchange(options.exchange),
    fees: readFees(options.fees),
    funding: readFunding(options.funding),
  }
  const account = readAccount(options)
  const strategy = await chooseStrategy(options.strategy)
  const parameters = readParameters(strategy, options.set ?? [])
  const { symbol, from, to, memory } = options
  const feed = await LobFeed.open(options.store, {
    symbol,
    venue: options.venue,
    kind: venue.exchange.reads === 'orders' ? 'l3' : 'l2',
    from,
    to,
    memory,
  })
  return await runSession({
    feed,
    venue,
    strategy,
    parameters,
    cash: options.cash,
    account,
    seed: options.seed,
    reportDir: options.report,
  })
}

/** Reads a seed: an integer of 0 .. 2^32 - 1. @throws LobtraderError BAD_ARGUMENT */
export function readSeed(text: string): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed >= 2 ** 32) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--seed "${text}" is not a whole number from 0 to 4294967295`,
      { value: text },
    )
  }
  return seed
}

/** Reads an amount of cash. @throws LobtraderError BAD_ARGUMENT */
export function readCash(text: string): number {
  const cash = Number(text)
  if (text.trim() === '' || !Number.isFinite(cash)) {
    throw new LobtraderError('BAD_ARGUMENT', `--cash "${text}" is not a finite number`, {
      value: text,
    })
  }
  return cash
}
