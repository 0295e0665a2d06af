/** Options that mean nothing to a format are refused, never ignored. */
import { LobtraderError } from '../../core/index.ts'
import type { ImportCaptureOptions } from './import-options.ts'

/** Options of which a format may have no use, and how the command line spells them. */
const FLAGS = {
  instrument: '--instrument',
  verify: '--verify',
  fixClock: '--fix-clock',
  date: '--date',
  timeZone: '--tz',
  definition: '--definition',
  columns: '--column',
  csv: '--rows, --time-unit, --side, --separator or --no-header',
} as const

/** Why each option that is refused has no meaning. */
export type RefusedOptions = Readonly<Partial<Record<keyof typeof FLAGS, string>>>

/** @throws LobtraderError BAD_ARGUMENT when one of the options is given */
export function refuseOptions(options: ImportCaptureOptions, refused: RefusedOptions): void {
  for (const [name, reason] of Object.entries(refused)) {
    const value = options[name as keyof typeof FLAGS]
    if (value === undefined || value === false) continue
    const flag = FLAGS[name as keyof typeof FLAGS]
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `${flag} means nothing to format ${options.format}: ${reason}`,
      { option: flag },
    )
  }
}
