/** A strategy parameter that is a length of time. */
import { z } from 'zod'
import { LobtraderError } from '../core/index.ts'
import { durationNs, type Duration } from '../time/index.ts'

/** Returns the schema of a duration of at least `least`, such as `'250us'`, or a number of ns. */
export function durationParameter(
  preset: Duration,
  least: Duration,
): z.ZodDefault<z.ZodType<Duration>> {
  const leastNs = durationNs(least)
  return z
    .custom<Duration>(
      (value) => isDurationAtLeast(value, leastNs),
      `expected a duration of ${least} or more, such as ${preset}`,
    )
    .default(preset)
}

function isDurationAtLeast(value: unknown, leastNs: number): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  try {
    return durationNs(value) >= leastNs
  } catch (error) {
    if (error instanceof LobtraderError && error.code === 'BAD_DURATION') return false
    throw error
  }
}
