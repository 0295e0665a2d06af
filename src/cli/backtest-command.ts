/** `lobtrader backtest`: one strategy over one or more instruments of a store. */
import { LobtraderError } from '../core/index.ts'
import { LobFeed, readLocalBook } from '../feed/index.ts'
import { readAccount, type AccountFlags } from './account-options.ts'
import { chooseStrategy, readParameters, strategyHelp } from './choose-strategy.ts'
import { collect, makeCommand, type Answer, type CommandEntry } from './command.ts'
import { LOCAL_BOOK_HELP } from './local-book-option.ts'
import { memoryShare, readForEach, readMarkets } from './market-options.ts'
import { runSession } from './run-session.ts'
import { bookOptions, kindFor, readVenues, type VenueFlags } from './venue-flags.ts'
import { addVenueOptions } from './venue-options.ts'

interface BacktestOptions extends AccountFlags, VenueFlags {
  readonly store: string
  readonly symbol: readonly string[]
  readonly venue?: string
  readonly strategy: string
  readonly set?: readonly string[]
  readonly localBook?: readonly string[]
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
    .option('--local-book <kind>', `${LOCAL_BOOK_HELP} (default: depth) (*)`, collect)
    .option('--report <dir>', 'write index.html, run.json, orders.csv and fills.csv here')
    .addHelpText('after', () => `\nBuilt-in strategies and their parameters:\n${strategyHelp()}`)
  addVenueOptions(command, true)
  return { command, action: async () => await backtest(command.opts<BacktestOptions>()) }
}

async function backtest(options: BacktestOptions): Promise<Answer> {
  // Whatever can be wrong is looked at before the data is read, which may take a while.
  const markets = readMarkets(options.symbol, options.venue)
  const venues = readVenues(markets, options)
  const localBooks = readForEach('--local-book', options.localBook ?? [], {
    markets,
    otherwise: 'depth',
    read: readLocalBook,
  })
  const account = readAccount(options, options.cash)
  const strategy = await chooseStrategy(options.strategy)
  const parameters = readParameters(strategy, options.set ?? [])
  const { from, to } = options
  const memory =
    options.memory === undefined ? undefined : memoryShare(options.memory, markets.length)
  const data = []
  for (const market of markets) {
    const models = venues(market)
    const kind = kindFor(models.exchange)
    const localBook = localBooks(market)
    const feed = await LobFeed.open(options.store, { ...market, kind, from, to, memory, localBook })
    data.push({ feed, venue: bookOptions(models, feed.instrument) })
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
