/** How much memory a run may take for the rows of its tape. */
import { LobtraderError } from '../core/index.ts'

const UNITS: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

/** Bytes as a number, or a number with a unit: `'512MB'`, `'1.5GiB'`. */
export type MemorySize = number | `${number}${'KB' | 'MB' | 'GB' | 'KiB' | 'MiB' | 'GiB'}`

/** The least that streaming works with, bytes. */
export const MEMORY_BYTES_MIN = 24e6

/**
 * Returns a memory budget in bytes.
 *
 * @throws LobtraderError BAD_ARGUMENT when the text has no unit or the size is too small to stream
 */
export function memoryBytes(size: MemorySize | string): number {
  const match = /^(\d+(?:\.\d+)?)(KB|MB|GB|KiB|MiB|GiB)$/.exec(String(size))
  const bytes =
    typeof size === 'number'
      ? size
      : match === null
        ? Number.NaN
        : Number(match[1]) * UNITS[match[2]!]!
  if (!Number.isFinite(bytes)) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `"${size}" is not a size of memory; expected a number with KB, MB, GB, KiB, MiB or GiB, such as 512MB`,
      { value: String(size) },
    )
  }
  if (bytes < MEMORY_BYTES_MIN) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `a memory budget of ${size} is too small to stream a tape; it needs ${MEMORY_BYTES_MIN / 1e6}MB or more`,
      { value: String(size) },
    )
  }
  return Math.floor(bytes)
}
