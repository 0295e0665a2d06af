/** `lobtrader backtest`: one strategy over one or more instruments of a store. */
import type { Command } from 'commander'
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
import { memoryShare, readForEach, readMarkets } from './market-options.ts'
import { runSession } from './run-session.ts'
import { kindFor } from './venue-texts.ts'

const LATENCY = '1ms,1ms'
const FEES = 'maker=0bps,taker=0bps'

interface BacktestOptions extends MoneyFlags {
  readonly store: string
  readonly symbol: readonly string[]
  readonly venue?: string
  readonly strategy: string
  readonly set?: readonly string[]
  readonly latency?: readonly string[]
  readonly rateLimit?: readonly string[]
  readonly feedDelay?: string
  readonly queue: string
  readonly exchange: string
  readonly fees?: readonly string[]
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
    description: 'Run a strategy over the order books of one or more instruments in a store.',
    examples: [
      [
        'lobtrader backtest --store ./store --symbol BTCUSDT --strategy avellaneda-stoikov --set riskAversion=0.5 --set maxInventory=5 --latency 1ms,1ms --queue fair-power-prob:3 --fees maker=-0.5bps,taker=7bps --report out/',
        'a built-in market maker, with a report to look at',
      ],
      [
        'lobtrader backtest --store ./store --symbol BTCUSDT --strategy ./my-strategy.ts --from 2024-08-08T23:55Z --to 2024-08-09 --json',
        'a strategy of your own, over a part of the data, for a script',
      ],
      [
        'lobtrader backtest --store ./store --symbol binance-spot:BTCUSDT --symbol binance-usdm:BTCUSDT --latency 1ms,1ms --latency binance-usdm=4ms,4ms --strategy ./my-arbitrage.ts',
        'two venues in one run, one of them further away',
      ],
    ],
  })
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption(
      '--symbol <name>',
      'instrument, as `lobtrader info` lists it, or venue:symbol; may be given many times',
      collect,
    )
    .option('--venue <name>', 'of symbols without one; needed where several venues have a symbol')
    .requiredOption('--strategy <name|file>', 'a built-in strategy, or a .ts or .js file')
    .option('--set <name=value>', 'a parameter of the strategy; may be given many times', collect)
    .option('--from <moment>', 'trade from here (ISO 8601, UTC unless it says); default: the start')
    .option('--to <moment>', 'end here, inclusive; a date alone is its midnight; default: the end')
    .option('--seed <integer>', 'decides everything random in the run', readSeed, 0)
    .option('--cash <amount>', 'starting cash, settlement currency; default: 0', readCash)
    .option(
      '--memory <size>',
      'stream the events within this much memory (512MB), shared evenly by the instruments; default: load them all',
    )
    .option('--report <dir>', 'write index.html, run.json, orders.csv and fills.csv here')
    .addHelpText('after', () => `\nBuilt-in strategies and their parameters:\n${strategyHelp()}`)
  addVenueOptions(command)
  return { command, action: async () => await backtest(command.opts<BacktestOptions>()) }
}

/** Options that say how the exchanges treat us. */
function addVenueOptions(command: Command): void {
  command
    .option(
      '--latency <entry,response>',
      `${LATENCY_HELP}; for one instrument or venue: SYMBOL=1ms,1ms, may be given many times (default: ${LATENCY})`,
      collect,
    )
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
    .option(
      '--fees <rates>',
      `${FEES_HELP}; for one instrument or venue: SYMBOL=..., may be given many times (default: ${FEES})`,
      collect,
    )
    .option('--leverage <number>', MONEY_HELP.leverage)
    .option('--margin <mode>', MONEY_HELP.margin)
    .option('--liquidation-fee <share>', MONEY_HELP.liquidationFee)
    .option('--funding <file>', MONEY_HELP.funding)
}

async function backtest(options: BacktestOptions): Promise<Answer> {
  // Whatever can be wrong is looked at before the data is read, which may take a while.
  const markets = readMarkets(options.symbol, options.venue)
  const latencies = readForEach('--latency', options.latency ?? [], {
    markets,
    otherwise: LATENCY,
    read: readLatency,
  })
  const fees = readForEach('--fees', options.fees ?? [], {
    markets,
    otherwise: FEES,
    read: readFees,
  })
  const venue = {
    feedDelay: options.feedDelay === undefined ? undefined : readFeedDelay(options.feedDelay),
    rateLimits: (options.rateLimit ?? []).map((limit) => parseRateLimit(limit)),
    queue: parseQueueModel(options.queue),
    exchange: parseExchange(options.exchange),
    funding: readFunding(options.funding),
  }
  const account = readAccount(options)
  const strategy = await chooseStrategy(options.strategy)
  const parameters = readParameters(strategy, options.set ?? [])
  const { from, to } = options
  const memory =
    options.memory === undefined ? undefined : memoryShare(options.memory, markets.length)
  const kind = kindFor(venue.exchange)
  const data = []
  for (const market of markets) {
    const feed = await LobFeed.open(options.store, { ...market, kind, from, to, memory })
    data.push({ feed, venue: { ...venue, latency: latencies(market), fees: fees(market) } })
  }
  return await runSession({
    data,
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
