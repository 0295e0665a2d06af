/** `lobtrader sweep`: one strategy over a grid of latencies, models, fees and parameters. */
import { availableParallelism } from 'node:os'
import { LobtraderError } from '../../core/index.ts'
import { LobFeed, readLocalBook } from '../../feed/index.ts'
import {
  breakEvenText,
  linesAlong,
  sweepAxes,
  writeSweep,
  type Json,
  type SweepResult,
  type SweepRow,
} from '../../report/index.ts'
import { memoryBytes } from '../../store/index.ts'
import { readAccount } from '../account-options.ts'
import { readCash, readSeed } from '../backtest-command.ts'
import { chooseStrategy, readParameters, strategyHelp } from '../choose-strategy.ts'
import {
  collect,
  makeCommand,
  type Answer,
  type CommandContext,
  type CommandEntry,
} from '../command.ts'
import { Interrupted } from '../failure.ts'
import { readMarkets, type MarketName } from '../market-options.ts'
import { LOCAL_BOOK_HELP } from '../local-book-option.ts'
import { textTable } from '../table.ts'
import { VENUE_DEFAULTS, bookOptions, kindFor } from '../venue-flags.ts'
import { sweepCells, type SweepCell, type SweepTexts } from './sweep-axes.ts'
import { SweepLine } from './sweep-line.ts'
import { addListOptions } from './sweep-options.ts'
import { runSweep } from './sweep-pool.ts'
import { cellVenue, type SweepJob } from './sweep-run.ts'

interface SweepOptions extends Omit<SweepTexts, 'fees' | 'set'> {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly strategy: string
  readonly set?: readonly string[]
  readonly fees?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly seed: number
  readonly cash?: number
  readonly workers: number
  readonly memory?: string
  readonly localBook?: string
  readonly report?: string
}

/** Lines that a terminal shows before they are more than a table. */
const TEXT_ROWS_MAX = 200

/** The command. */
export function sweepCommand(): CommandEntry {
  const command = makeCommand({
    name: 'sweep',
    description:
      'Run a strategy over a grid of latencies, queue models, exchanges, fees and parameters.',
    examples: [
      [
        'lobtrader sweep --store ./store --symbol BTCUSDT --strategy avellaneda-stoikov --latency 0.5ms,1ms,2ms,5ms,10ms --queue risk-averse,fair-power-prob:3 --report out/',
        'how much profit latency and the place in the queue decide, with pictures',
      ],
      [
        'lobtrader sweep --store ./store --symbol BTCUSDT --strategy avellaneda-stoikov --set riskAversion=0.1:1:0.3 --fees maker=-0.5bps,taker=7bps --fees maker=2bps,taker=5bps --json',
        'parameters against two tables of fees, for a script',
      ],
    ],
  })
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it, or venue:symbol')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .requiredOption('--strategy <name|file>', 'a built-in strategy, or a .ts or .js file')
    .option(
      '--set <name=values>',
      'values of a parameter: 1,2,5 or FIRST:LAST:STEP; may be given many times',
      collect,
    )
    .option('--local-book <kind>', LOCAL_BOOK_HELP, 'depth')
    .option('--from <moment>', 'trade from here (ISO 8601, UTC unless it says); default: the start')
    .option('--to <moment>', 'end here, inclusive; a date alone is its midnight; default: the end')
    .option('--seed <integer>', 'decides everything random in each run', readSeed, 0)
    .option('--cash <amount>', 'starting cash, settlement currency; default: 0', readCash)
    .option('--workers <count>', 'threads', readWorkers, availableParallelism())
    .option(
      '--memory <size>',
      'stream the events within this much memory over all threads (512MB); default: load them once',
    )
    .option('--report <dir>', 'write index.html and sweep.json here')
    .addHelpText('after', () => `\nBuilt-in strategies and their parameters:\n${strategyHelp()}`)
  addListOptions(command)
  return {
    command,
    isInterruptible: true,
    action: async (context) => await sweep(command.opts<SweepOptions>(), context),
  }
}

async function sweep(options: SweepOptions, context: CommandContext): Promise<Answer> {
  const { exchange } = options
  const fees = options.fees ?? [VENUE_DEFAULTS.fees]
  const [market] = readMarkets([options.symbol], options.venue)
  const cells = sweepCells({ ...options, fees, set: options.set ?? [] })
  // Whatever can be wrong is looked at before the data is read, which may take a while.
  const strategy = await chooseStrategy(options.strategy)
  const kinds = new Set<'l2' | 'l3'>()
  for (const cell of cells) {
    kinds.add(kindFor(cellVenue(cell, market!).exchange))
    readAccount(cell.account, options.cash)
    readParameters(strategy, cell.settings)
  }
  const [kind] = kinds
  if (kinds.size > 1) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--exchange ${exchange} names models that read levels and models that read single orders; sweep them apart`,
      { value: exchange },
    )
  }
  const { job, feed } = await openJob(options, market!, {
    kind: kind!,
    threads: Math.min(options.workers, cells.length),
  })
  if (options.rules !== undefined) {
    for (const cell of cells) bookOptions(cellVenue(cell, market!), feed.instrument)
  }
  const line = new SweepLine(context.terminal, cells.length)
  let rows: SweepRow[]
  try {
    rows = await runSweep(job, cells, {
      threads: options.workers,
      signal: context.signal,
      onRow: (_row, done) => line.update(done),
    })
  } finally {
    line.finish()
  }
  const { instrument, source } = feed
  const { symbol, venue, settlement } = instrument
  const { seed } = options
  const result = { strategy: strategy.name, symbol, venue, settlement, seed, source, rows }
  return await answer(result, cells, options.report)
}

/** The feed is opened here in either case, so that what is wrong with it is told once. */
async function openJob(
  options: SweepOptions,
  market: MarketName,
  { kind, threads }: { readonly kind: 'l2' | 'l3'; readonly threads: number },
): Promise<{ readonly job: SweepJob; readonly feed: LobFeed }> {
  const { store, from, to, memory, strategy, cash, seed } = options
  const share = memory === undefined ? undefined : Math.floor(memoryBytes(memory) / threads)
  const localBook = readLocalBook(options.localBook)
  const window = { ...market, kind, from, to, memory: share, localBook }
  const feed = await LobFeed.open(store, window)
  const source = share === undefined ? feed.share() : { store, options: window }
  return { job: { feed: source, market, strategy, cash, seed }, feed }
}

async function answer(
  result: SweepResult,
  cells: readonly SweepCell[],
  report: string | undefined,
): Promise<Answer> {
  const json = result.rows.map(rowJson)
  const isWhole = result.rows.length === cells.length
  const hasRows = result.rows.length > 0
  const files =
    report === undefined || !hasRows ? undefined : await writeSweep(result, json, report)
  // What has finished is kept in the report; a part of a grid is no answer.
  if (!isWhole) throw new Interrupted()
  return {
    json,
    text: `${sweepText(result)}${files === undefined ? '' : `\nreport  ${files.html}\nrows    ${files.json}\n`}`,
  }
}

function rowJson(row: SweepRow): Json {
  const { params, runHash, net, fees, ...figures } = row
  return {
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typed(value)])),
    runHash,
    pnl: { net, fees },
    ...figures,
  }
}

/** A number where the text is one, so that scripts need not parse it. */
function typed(text: string): string | number {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}

function sweepText(result: SweepResult): string {
  const axes = sweepAxes(result.rows)
  const varied = axes.filter(({ values }) => values.length > 1)
  const fixed = axes.filter(({ values }) => values.length === 1)
  const shown = result.rows.slice(0, TEXT_ROWS_MAX)
  const table = textTable(
    [
      ...varied.map(({ name }) => ({ heading: name })),
      { heading: `net ${result.settlement}`, isNumber: true },
      { heading: 'Sharpe', isNumber: true },
      { heading: 'fills', isNumber: true },
      { heading: 'fees', isNumber: true },
      { heading: 'run' },
    ],
    shown.map((row) => [
      ...varied.map(({ name }) => row.params[name]!),
      figure(row.net),
      row.sharpe === null ? '-' : figure(row.sharpe),
      String(row.fills),
      figure(row.fees),
      row.runHash.slice(0, 12),
    ]),
  )
  const head = [
    `${result.strategy} on ${result.symbol}, ${result.rows.length} runs, seed ${result.seed}`,
    ...fixed.map(({ name, values }) => `${name} ${values[0]!}`),
  ].join('\n')
  const more =
    shown.length < result.rows.length
      ? `... ${result.rows.length - shown.length} more; --json or --report has them all\n`
      : ''
  return `${head}\n\n${table}${more}${breakEvens(result.rows)}`
}

/** Where latency turns profit into loss, for each value of the next axis. */
function breakEvens(rows: readonly SweepRow[]): string {
  const axes = sweepAxes(rows)
  const latency = axes.find(({ name }) => name === 'latency')
  if (latency?.numbers === undefined || latency.values.length < 2) return ''
  const by = axes.find((axis) => axis !== latency && axis.values.length > 1)
  const lines = linesAlong(rows, axes, latency, by).map(
    (line) => `  ${line.label === '' ? '' : `${line.label}: `}${breakEvenText(line, latency)}\n`,
  )
  return `\nbreak-even latency, one way\n${lines.join('')}`
}

function figure(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function readWorkers(text: string): number {
  const workers = Number(text)
  if (!/^\d+$/.test(text) || workers < 1 || workers > 256) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--workers "${text}" is not a whole number from 1 to 256`,
      { value: text },
    )
  }
  return workers
}
