/** The options of `sweep` that say how exchanges treat us: those of `backtest`, as lists. */
import type { Command } from 'commander'
import { DEFAULT_EXCHANGE, DEFAULT_QUEUE } from '../../venue/index.ts'
import { MONEY_HELP } from '../account-options.ts'
import { collect } from '../command.ts'
import { FEES_HELP } from '../fees-option.ts'
import { RULES_HELP } from '../rules-option.ts'
import { VENUE_HELP } from '../venue-options.ts'

/** Adds the options that make axes; all others of a sweep are one value for all runs. */
export function addListOptions(command: Command): void {
  const again = 'give it again for each'
  command
    .option(
      '--latency <list>',
      'latencies, each for both ways or as entry/response (1ms/2ms); models as `backtest` takes them',
      '1ms',
    )
    .option('--queue <list>', `list of ${VENUE_HELP.queue}`, DEFAULT_QUEUE)
    .option('--exchange <list>', `list of ${VENUE_HELP.exchange}`, DEFAULT_EXCHANGE)
    .option('--fees <rates>', `${FEES_HELP}; ${again} table of fees`, collect)
    .option('--feed-delay <list>', `list of ${VENUE_HELP.feedDelay}`)
    .option(
      '--rate-limit <list>',
      `list of ${VENUE_HELP.rateLimit}, or off; given again: limits that are kept too`,
      collect,
    )
    .option('--rules <file>', `${RULES_HELP}; ${again} set of rules`, collect)
    .option('--leverage <list>', `list (1,5,10): ${MONEY_HELP.leverage}; needs --cash`)
    .option('--margin <list>', `list: ${MONEY_HELP.margin}`)
    .option('--liquidation-fee <list>', `list: ${MONEY_HELP.liquidationFee}`)
    .option('--funding <file>', `${MONEY_HELP.funding}; ${again} source`, collect)
    .addHelpText(
      'after',
      '\nOptions that take a list, or are given again for each value, are axes of the grid; --cash,\n--seed, --from, --to and --local-book are one value for all runs.',
    )
}
