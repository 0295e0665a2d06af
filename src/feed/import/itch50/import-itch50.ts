/** The second pass over ITCH files: every message becomes the rows of its stock. */
import { DataError, assert } from '../../../core/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { midnightBefore, zoneMidnightNs } from '../../../time/index.ts'
import { shownText } from '../field-error.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import { mergedSymbols } from '../symbol-totals.ts'
import type { Stock } from './directory.ts'
import { ItchReader, type ItchBlock } from './itch-reader.ts'
import { MESSAGE_BYTES, MessageType } from './layout.ts'
import { StockRows } from './stock-rows.ts'

/** Stocks from which on each takes as little memory as can be. */
const MANY = 32
/** Stocks to name in a warning. */
const NAMED = 5
/** Blocks between two sums of rows for the progress. */
const BLOCKS_BETWEEN_SUMS = 64

/** When the session was. */
export interface SessionDay {
  /** `2019-01-30`. */
  readonly date: string
  readonly timeZone: string
  /** First time in the files, ns after midnight. */
  readonly firstTime: number
}

/** Of what the warnings tell. */
type Tally = readonly [of: (rows: StockRows) => number, what: string]

const TALLIES: readonly Tally[] = [
  [
    ({ tape }) => tape.unknown,
    'changes name an order that is not there or add one that is; left out',
  ],
  [({ tape }) => tape.unknownFills, 'executions name an order that is not there; left out'],
  [({ tape }) => tape.excess, 'cancellations or executions take more than the order had'],
  [({ tape }) => tape.crossed, 'messages left the book crossed'],
  [({ broken }) => broken, 'trades were broken afterwards; their rows stay'],
]

/** One pass. */
class ItchPass {
  lastTime = Number.NEGATIVE_INFINITY
  readonly unknownTypes = new Map<number, number>()
  events = 0
  readonly rows: readonly StockRows[]
  /** Up to the last code of a stock that is read. */
  readonly #byLocate: (StockRows | undefined)[]
  readonly #midnight: number
  readonly #refuse: ImportJob['refuse']
  readonly #isSmall: boolean
  #blocks = 0
  firstTime = Number.NaN

  constructor(
    job: ImportJob,
    stocks: readonly Stock[],
    sinks: readonly RowSink[],
    times: { readonly epochNs: bigint; readonly midnight: number },
  ) {
    assert(stocks.length === sinks.length, 'one sink for each stock')
    this.#midnight = times.midnight
    this.#refuse = job.refuse
    this.#isSmall = sinks.length >= MANY
    const options = { epochNs: times.epochNs, isSmall: this.#isSmall, refuse: job.refuse }
    const last = stocks.reduce((most, { locate }) => Math.max(most, locate), -1)
    this.#byLocate = Array.from({ length: last + 1 })
    this.rows = stocks.map(({ locate }, i) => {
      const rows = new StockRows(sinks[i]!, options)
      this.#byLocate[locate] = rows
      return rows
    })
  }

  block(block: ItchBlock): void {
    const { columns } = block
    for (let row = 0; row < columns.length; row++) {
      const type = columns.type[row]!
      if (MESSAGE_BYTES[type] === 0) {
        this.unknownTypes.set(type, (this.unknownTypes.get(type) ?? 0) + 1)
        continue
      }
      const time = this.#midnight + columns.time[row]!
      if (time < this.lastTime) {
        this.#refuse(
          new DataError(
            'TIME_BACKWARDS',
            `the time goes back by ${this.lastTime - time} ns; are the files in time order?`,
            { ...block.placeOf(row), field: 'timestamp', value: columns.time[row]! },
          ),
        )
        continue
      }
      if (Number.isNaN(this.firstTime)) this.firstTime = time
      this.lastTime = time
      if (type === MessageType.Directory) continue
      const locate = columns.locate[row]!
      if (locate < this.#byLocate.length) this.#byLocate[locate]?.message(block, row, time)
    }
    if (!this.#isSmall) for (const one of this.rows) one.drain()
    if (!this.#isSmall || this.#blocks++ % BLOCKS_BETWEEN_SUMS === 0) {
      this.events = this.rows.reduce((sum, { tape }) => sum + tape.events, 0)
    }
  }
}

/**
 * Imports the stocks given.
 *
 * @throws DataError for the first message that is not as it should be
 */
export async function importItch50(
  job: ImportJob,
  stocks: readonly Stock[],
  sinks: readonly RowSink[],
  day: SessionDay,
): Promise<ImportOutcome> {
  const midnightNs = zoneMidnightNs(day.date, day.timeZone, day.firstTime)
  const epochNs = midnightBefore(midnightNs + BigInt(day.firstTime))
  const pass = new ItchPass(job, stocks, sinks, {
    epochNs,
    midnight: Number(midnightNs - epochNs),
  })
  const reader = new ItchReader(job.files)
  await reader.read(
    (block) => pass.block(block),
    (progress) => job.onProgress?.({ ...progress, events: pass.events }),
  )
  const symbols = pass.rows.map((rows) => rows.finish())
  return {
    ...mergedSymbols(symbols),
    messages: reader.messages,
    fromNs: epochNs + BigInt(pass.firstTime),
    toNs: epochNs + BigInt(pass.lastTime),
    clockOffsetNs: 0,
    clockFixed: false,
    warnings: warningsOf(pass),
  }
}

function warningsOf(pass: ItchPass): string[] {
  const warnings: string[] = []
  for (const [of, what] of TALLIES) {
    const concerned = pass.rows.filter((rows) => of(rows) > 0)
    if (concerned.length === 0) continue
    const total = concerned.reduce((sum, rows) => sum + of(rows), 0)
    const names = concerned
      .slice(0, NAMED)
      .map((rows) => `${rows.instrument.symbol} ${of(rows)}`)
      .join(', ')
    const more = concerned.length > NAMED ? ` and ${concerned.length - NAMED} more symbols` : ''
    warnings.push(`${total} ${what} (${names}${more})`)
  }
  if (pass.unknownTypes.size > 0) {
    const types = [...pass.unknownTypes].map(
      ([type, count]) => `${count} of ${shownText(String.fromCharCode(type))}`,
    )
    warnings.push(
      `messages of types that ITCH 5.0 does not have were left out: ${types.join(', ')}`,
    )
  }
  return warnings
}
