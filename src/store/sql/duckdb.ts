/** The embedded SQL engine: an optional package, loaded when the first query asks for it. */
import type * as duckdb from '@duckdb/node-api'
import { LobtraderError } from '../../core/index.ts'

/** The module `@duckdb/node-api`. */
export type DuckDb = typeof duckdb

/**
 * Loads DuckDB.
 *
 * @throws LobtraderError UNSUPPORTED when the package is not installed, or has no binary for this
 *   platform
 */
export async function loadDuckDb(
  load: () => Promise<DuckDb> = async () => await import('@duckdb/node-api'),
): Promise<DuckDb> {
  try {
    return await load()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    const detail = isAbsent || !(error instanceof Error) ? '' : `: ${error.message.split('\n')[0]!}`
    throw new LobtraderError(
      'UNSUPPORTED',
      `lobtrader query needs @duckdb/node-api (npm install @duckdb/node-api)${detail}`,
      { package: '@duckdb/node-api' },
    )
  }
}
