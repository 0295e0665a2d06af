/** What analyzers do about runs over several instruments. */
import type { Instrument } from '../../market/index.ts'
import type { RunRecord } from '../run-record.ts'

/** Returns the record of one instrument of a run: that of its fills and orders with this index. */
export function partOf(run: RunRecord, instrument: number): RunRecord {
  return run.byInstrument[instrument] ?? run
}

/** True where a size of one instrument may be added to one of another. */
export function haveCommonUnit(instruments: readonly Instrument[]): boolean {
  const [first, ...rest] = instruments
  return (
    rest.length === 0 ||
    instruments.every(
      ({ base, isInverse, multiplier }) => base === first!.base && !isInverse && multiplier === 1,
    )
  )
}

/** True where a value of one instrument may be added to one of another. */
export function haveCommonCurrency(instruments: readonly Instrument[]): boolean {
  return instruments.every(({ settlement }) => settlement === instruments[0]!.settlement)
}
