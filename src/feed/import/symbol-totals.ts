/** Results of an import with many instruments: one of each, and their totals. */
import type { Comparison, SymbolResult } from './import-result.ts'
import type { ImportOutcome } from './import-job.ts'

/** What all results of instruments add up to. */
type Totals = Pick<
  ImportOutcome,
  'events' | 'gaps' | 'duplicates' | 'reordered' | 'crossed' | 'orders' | 'checksums' | 'verify'
>

type Merged = Totals & Pick<ImportOutcome, 'final' | 'trades' | 'symbols'>

/**
 * Returns the part of an outcome that follows from its instruments: their totals, each one's
 * result, and of a single instrument its book and trades.
 */
export function mergedSymbols(symbols: readonly SymbolResult[]): Merged {
  const sum = (of: (one: SymbolResult) => number): number =>
    symbols.reduce((total, one) => total + of(one), 0)
  const compared = (of: (one: SymbolResult) => Comparison | undefined): Comparison => ({
    compared: sum((one) => of(one)?.compared ?? 0),
    equal: sum((one) => of(one)?.equal ?? 0),
  })
  const some = (of: (one: SymbolResult) => unknown): boolean =>
    symbols.some((one) => of(one) !== undefined)
  const [only] = symbols.length === 1 ? symbols : []
  return {
    events: sum((one) => one.events),
    gaps: sum((one) => one.gaps),
    duplicates: sum((one) => one.duplicates),
    reordered: sum((one) => one.reordered),
    crossed: sum((one) => one.crossed),
    ...(some((one) => one.orders)
      ? {
          orders: {
            open: sum((one) => one.orders?.open ?? 0),
            unknown: sum((one) => one.orders?.unknown ?? 0),
          },
        }
      : {}),
    ...(some((one) => one.checksums) ? { checksums: compared((one) => one.checksums) } : {}),
    ...(some((one) => one.verify) ? { verify: compared((one) => one.verify) } : {}),
    ...(only?.final === undefined ? {} : { final: only.final }),
    ...(only?.trades === undefined ? {} : { trades: only.trades }),
    symbols,
  }
}
