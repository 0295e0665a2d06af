/** What `backtest` and `demo` share: run a Cerebro, tell of the result. */
import { LobtraderError } from '../core/index.ts'
import {
  Cerebro,
  type AccountOptions,
  type BookDataOptions,
  type ParameterValues,
  type RunRecord,
} from '../engine/index.ts'
import type { LobFeed } from '../feed/index.ts'
import { runJson, summaryTable, writeReport } from '../report/index.ts'
import type { ChosenStrategy } from './choose-strategy.ts'
import type { Answer } from './command.ts'
import { failureOf } from './failure.ts'
import { placed, userCall, userFrame } from './strategy-file.ts'

/** One run from the command line. */
export interface Session {
  readonly data: readonly {
    readonly feed: LobFeed
    readonly venue: BookDataOptions
  }[]
  readonly strategy: ChosenStrategy
  readonly parameters: ParameterValues
  readonly cash: number | undefined
  readonly account?: AccountOptions | undefined
  readonly seed: number
  /** Folder of the report; none is written without one. */
  readonly reportDir: string | undefined
}

/** Runs the session, writes the report if one is wanted, and answers. */
export async function runSession(session: Session): Promise<Answer> {
  const record = await runRecord(session)
  const files =
    session.reportDir === undefined ? undefined : await writeReport(record, session.reportDir)
  const paths = files === undefined ? '' : `\nreport  ${files.html}\nrun     ${files.json}\n`
  return {
    json: { ...runJson(record), ...(files === undefined ? {} : { report: files.html }) },
    text: `${summaryTable(record).trimEnd()}\n${paths}`,
  }
}

async function runRecord(session: Session): Promise<RunRecord> {
  const { strategy, cash, account } = session
  const cerebro = new Cerebro({
    ...(cash === undefined ? {} : { cash }),
    ...(account === undefined ? {} : { account }),
  })
  for (const { feed, venue } of session.data) cerebro.addData(feed, venue)
  cerebro.addStrategy(strategy.strategyClass, session.parameters, strategy.name)
  try {
    const [result] = await cerebro.run({ progress: true, seed: session.seed })
    return result!.record
  } catch (error) {
    throw strategyFault(error, strategy.file)
  }
}

/** Says at which line of the user's own file a run went wrong, where it is theirs to mend. */
function strategyFault(error: unknown, file: string | undefined): unknown {
  if (file === undefined || !(error instanceof Error)) return error
  const isRefusal = error instanceof LobtraderError
  const place = isRefusal ? userCall(error, file) : userFrame(error, file)
  if (place === undefined) return error
  const fault = isRefusal
    ? placed(error.code, failureOf(error).message, place)
    : placed('BAD_MODULE', `${error.name}: ${error.message.split('\n')[0]!}`, place)
  if (error.stack !== undefined) fault.stack = error.stack
  return fault
}
