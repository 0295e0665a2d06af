/** Every command, in the order in which the help lists them. */
import { backtestCommand } from './backtest-command.ts'
import type { CommandEntry } from './command.ts'
import { demoCommand } from './demo-command.ts'
import { exportCommand } from './export-command.ts'
import { importCommand } from './import-command.ts'
import { infoCommand } from './info-command.ts'
import { ordersCommand } from './orders/orders-command.ts'
import { queryCommand } from './query-command.ts'
import { replayCommand } from './replay-command.ts'
import { sweepCommand } from './sweep/sweep-command.ts'
import { verifyCommand } from './verify-command.ts'

/** Makes all commands. */
export function commandEntries(): CommandEntry[] {
  return [
    demoCommand(),
    importCommand(),
    verifyCommand(),
    infoCommand(),
    exportCommand(),
    queryCommand(),
    replayCommand(),
    backtestCommand(),
    sweepCommand(),
    ordersCommand(),
  ]
}
