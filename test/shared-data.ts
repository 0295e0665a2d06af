/** Finds the real market data and reference results that stand beside the checkout. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

const root = fileURLToPath(new URL('../../shared/', import.meta.url))

/** Returns the path of a shared file or folder, such as `sharedPath('data/binance')`. */
export function sharedPath(relative: string): string {
  return root + relative
}

/** True when the shared data stand beside the checkout. */
export const hasSharedData = existsSync(root + 'data/MANIFEST.md')

/**
 * A `describe` over real data: runs where the data are, is reported as skipped where they are not,
 * and fails on a CI machine that lacks them.
 */
export function describeWithData(name: string, body: () => void): void {
  if (!hasSharedData && process.env['CI'] === 'true') {
    throw new Error(`real data expected at ${root} when CI=true`)
  }
  describe.skipIf(!hasSharedData)(name, body)
}
