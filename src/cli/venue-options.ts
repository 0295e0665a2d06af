/** Declares the options that say how exchanges treat us, for commands that take one value of each. */
import type { Command } from 'commander'
import {
  DEFAULT_EXCHANGE,
  DEFAULT_QUEUE,
  EXCHANGE_NAMES,
  PARTIAL_FORM,
  QUEUE_MODEL_NAMES,
} from '../venue/index.ts'
import { MONEY_HELP } from './account-options.ts'
import { collect } from './command.ts'
import { FEES_HELP } from './fees-option.ts'
import { LATENCY_HELP } from './latency-option.ts'
import { RULES_HELP } from './rules-option.ts'
import { VENUE_DEFAULTS } from './venue-flags.ts'

/** What the help says of each, where nothing else has it. */
export const VENUE_HELP = {
  rateLimit:
    'requests that the venue takes: 10/s, sliding(300/10s), bucket(15/s,burst=30), cancels uncounted as fixed(1200/1m,cancel=0)',
  feedDelay:
    'how much later (-2ms: earlier) events reach us than where they were recorded; may be drawn as latencies are; default: as recorded',
  queue: `how our place in the queue moves: ${QUEUE_MODEL_NAMES.join(', ')}`,
  exchange: `how orders fill: ${EXCHANGE_NAMES.join(', ')}; l3 reads single orders, the others price levels; with market impact ${PARTIAL_FORM}`,
} as const

/**
 * Adds the options that `readVenues` and `readAccount` read.
 *
 * @param isForMany true where the command takes several instruments, whose values may differ
 */
export function addVenueOptions(command: Command, isForMany: boolean): void {
  const { latency, fees } = VENUE_DEFAULTS
  const several = isForMany ? ' (*)' : ''
  command
    .option(
      '--latency <entry,response>',
      `${LATENCY_HELP}${several} (default: ${latency})`,
      collect,
    )
    .option(
      '--rate-limit <limit>',
      `${VENUE_HELP.rateLimit}; or off${isForMany ? '' : '; may be given many times'}; all are kept${several}`,
      collect,
    )
    .option('--feed-delay <time>', `${VENUE_HELP.feedDelay}${several}`, collect)
    .option('--queue <model>', VENUE_HELP.queue, DEFAULT_QUEUE)
    .option('--exchange <model>', VENUE_HELP.exchange, DEFAULT_EXCHANGE)
    .option('--fees <rates>', `${FEES_HELP}${several} (default: ${fees})`, collect)
    .option('--rules <file>', `${RULES_HELP}${several}`, collect)
    .option('--leverage <number>', `${MONEY_HELP.leverage}${several}`, collect)
    .option('--margin <mode>', MONEY_HELP.margin)
    .option('--liquidation-fee <share>', MONEY_HELP.liquidationFee)
    .option('--funding <file>', `${MONEY_HELP.funding}${several}`, collect)
  if (isForMany) {
    command
      .option('--base-currency <code>', MONEY_HELP.baseCurrency)
      .option('--balance <code=amount>', MONEY_HELP.balance, collect)
      .option('--rate <pair=rate>', MONEY_HELP.rate, collect)
    command.addHelpText(
      'after',
      '\n(*) may be given many times: for all instruments, or for those of a symbol, a venue or a\n    venue:symbol, as in --latency 1ms,1ms --latency binance-usdm=4ms,4ms',
    )
  }
}
