/** The analyses of a record, computed once however many reports ask for them. */
import { analyzeRun, type RunAnalyses, type RunRecord } from '../engine/index.ts'

const known = new WeakMap<RunRecord, RunAnalyses>()

/** Returns the results of all built-in analyzers over `record`, which must not change. */
export function analysesOf(record: RunRecord): RunAnalyses {
  const found = known.get(record) ?? analyzeRun(record)
  known.set(record, found)
  return found
}
