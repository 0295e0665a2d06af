/** `lobtrader demo`: a simulated market, a market maker, a report; needs no data. */
import { LobFeed, simulateMarket } from '../feed/index.ts'
import { durationNs } from '../time/index.ts'
import { constantLatency, fairPowerProbQueue, makerTakerFees } from '../venue/index.ts'
import { readSeed } from './backtest-command.ts'
import { chooseStrategy } from './choose-strategy.ts'
import { makeCommand, type CommandEntry } from './command.ts'
import { runSession } from './run-session.ts'

interface DemoOptions {
  readonly duration: string
  readonly seed: number
  readonly report: string
}

/** The command. */
export function demoCommand(): CommandEntry {
  const command = makeCommand({
    name: 'demo',
    description:
      'Simulate half an hour of an order book, let a market maker trade it, and write a report.',
    examples: [
      ['lobtrader demo', 'everything with its defaults'],
      [
        'lobtrader demo --duration 5m --seed 7 --report out/ --json',
        'another market, for a script',
      ],
    ],
  })
    .option('--duration <time>', 'length of the simulated session (s, m, h)', '30m')
    .option('--seed <integer>', 'decides the whole market', readSeed, 1)
    .option('--report <dir>', 'folder of the report', 'lobtrader-report')
  return {
    command,
    action: async ({ terminal }) => {
      const options = command.opts<DemoOptions>()
      const durationNanoseconds = durationNs(options.duration)
      const strategy = await chooseStrategy('avellaneda-stoikov')
      terminal.err(`simulating ${options.duration} of a market (seed ${options.seed}) ...\n`)
      const market = simulateMarket({ seed: options.seed, durationNs: durationNanoseconds })
      return await runSession({
        data: [
          {
            feed: LobFeed.fromEvents(market.instrument, market.events, {
              source: `simulated market, seed ${options.seed}`,
            }),
            venue: {
              latency: constantLatency({ entry: '1ms', response: '1ms' }),
              queue: fairPowerProbQueue(3),
              fees: makerTakerFees({ makerBps: -0.5, takerBps: 7 }),
            },
          },
        ],
        strategy,
        // A tenth of a usual level: small against the market, large enough to read.
        parameters: { orderSize: 0.1 },
        cash: undefined,
        seed: options.seed,
        reportDir: options.report,
      })
    },
  }
}
