/** The result of an import of tables. */
import type { RowSink } from '../../../store/index.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { mergedSymbols } from '../symbol-totals.ts'
import type { SymbolBook, TableFormat, TableRun } from './table-format.ts'
import type { MergedFiles } from './merged-files.ts'
import type { TableSymbol } from './table-symbol.ts'

/** What is known at the end. */
interface TableEnd<S> {
  readonly format: TableFormat<S>
  readonly run: TableRun<S>
  readonly merged: MergedFiles
  readonly symbols: readonly TableSymbol<S>[]
  readonly sinks: readonly RowSink[]
  readonly job: ImportJob
  /** False where rows have the venue's time alone. */
  readonly hasClock: boolean
}

/** Returns totals, and what each symbol gave. */
export function outcomeOf<S>(end: TableEnd<S>): ImportOutcome {
  const { run, merged, job, hasClock } = end
  const results = end.symbols.map((symbol, i) => resultOf(end.format, symbol, end.sinks[i]!))
  const at = (time: number): bigint => run.clock.epochNs + BigInt(time + run.shiftNs)
  return {
    messages: merged.rows,
    fromNs: at(merged.firstTime),
    toNs: at(merged.lastTime),
    clockOffsetNs: hasClock ? run.meter.offsetNs : 0,
    clockFixed: hasClock && job.fixClock && run.meter.isBehind,
    warnings: warningsOf(end),
    ...mergedSymbols(results),
  }
}

function resultOf<S>(
  format: TableFormat<S>,
  symbol: TableSymbol<S>,
  { instrument }: RowSink,
): SymbolResult {
  const tape = symbol.tape!
  const book = bookOf(format, symbol)
  const orders = format.ordersOf?.(symbol.state)
  const { totals } = orders ?? tape
  return {
    symbol: instrument.symbol,
    messages: symbol.messages,
    events: tape.events + (orders?.events ?? 0),
    gaps: book?.gaps ?? 0,
    duplicates: symbol.repeated,
    reordered: symbol.reordered,
    crossed: book?.crossed ?? 0,
    ...(book === undefined ? {} : { final: finalBook(book.ladder, instrument) }),
    ...(orders === undefined ? {} : { orders: orders.orders }),
    ...(totals.count > 0 ? { trades: totals.summary(instrument) } : {}),
  }
}

function bookOf<S>(
  { bookOf: own, ordersOf }: TableFormat<S>,
  symbol: TableSymbol<S>,
): SymbolBook | undefined {
  if (own !== undefined) return own(symbol.state)
  const orders = ordersOf?.(symbol.state)
  if (orders !== undefined) return orders
  const { tape } = symbol
  return tape!.hasBook ? tape : undefined
}

function warningsOf<S>({ format, run, merged, symbols, job, hasClock }: TableEnd<S>): string[] {
  const warnings: string[] = []
  const clock = hasClock ? run.meter.warning(job.fixClock) : undefined
  if (clock !== undefined) warnings.push(clock)
  if (!hasClock) {
    const note = format.timeNote ?? 'local time is equal to it'
    warnings.push(
      `the files have the time of the venue alone: ${note}, so feed latency is yours to model`,
    )
  }
  for (const symbol of symbols) {
    const name = symbols.length > 1 ? `${symbol.name}: ` : ''
    const crossed = bookOf(format, symbol)?.crossed ?? 0
    if (crossed > 0) warnings.push(`${name}the book was crossed after ${crossed} messages`)
    if (symbol.repeated > 0) {
      warnings.push(`${name}${symbol.repeated} repeated messages were left out`)
    }
    for (const text of format.warnings?.(symbol) ?? []) warnings.push(`${name}${text}`)
    if (symbol.messages === 0) warnings.push(`${name}no row is of this symbol`)
  }
  for (const [note, count] of run.notes.entries()) warnings.push(`${count} ${note}`)
  if (merged.raised > 0) {
    warnings.push(
      `venue time goes back at ${merged.raised} rows; their local time is the latest before`,
    )
  }
  for (const path of merged.empty) warnings.push(`${path} holds no row to import`)
  if (run.symbols.leftOut.size > 0) {
    const all = run.symbols.leftOut.entries()
    const shown = all.slice(0, 5).map(([name, count]) => `${count} of ${name}`)
    const more = all.length > 5 ? ` and of ${all.length - 5} more symbols` : ''
    warnings.push(`rows of other symbols were left out: ${shown.join(', ')}${more}`)
  }
  return warnings
}
