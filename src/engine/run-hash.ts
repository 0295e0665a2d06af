/** The hash that proves two runs equal: same input, same seed, same output, bit for bit. */
import { createHash } from 'node:crypto'
import type { RunRecord } from './run-record.ts'

/** What a run was made of and what came out of it, before it has a hash. */
export type HashedRun = Pick<
  RunRecord,
  | 'strategy'
  | 'parameters'
  | 'instruments'
  | 'seed'
  | 'settings'
  | 'orders'
  | 'fills'
  | 'totals'
  | 'epochNs'
> & {
  /** Identity of the data: checksums of its content. */
  readonly dataDigest: string
}

/** Returns 32 hexadecimal digits over inputs, orders, fills and totals; wall time never enters. */
export function runHash(run: HashedRun): string {
  const hash = createHash('sha256')
  const text = (value: unknown): void => {
    hash.update(
      JSON.stringify(value, (_key, item: unknown) =>
        typeof item === 'bigint' ? `${item}n` : item,
      ),
    )
  }
  const isSingle = run.instruments.length === 1
  text({
    format: 1,
    strategy: run.strategy,
    parameters: Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1)),
    ...(isSingle
      ? { instrument: run.instruments[0]!.spec }
      : { instruments: run.instruments.map(({ spec }) => spec) }),
    seed: run.seed,
    settings: Object.entries(run.settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    data: run.dataDigest,
    epochNs: run.epochNs,
    totals: run.totals,
  })
  for (const table of [run.orders, run.fills]) {
    for (const [name, column] of Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!ArrayBuffer.isView(column) || (isSingle && name === 'instrument')) continue
      hash.update(name)
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    }
  }
  return hash.digest('hex').slice(0, 32)
}
