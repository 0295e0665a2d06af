/** The day of an ITCH file: its times are ns after midnight, and only its name tells of which. */
import { basename } from 'node:path'
import { LobtraderError } from '../../../core/index.ts'
import { dayNumber } from '../../../time/index.ts'
import type { ImportCaptureOptions } from '../import-options.ts'

/**
 * Returns the day that `--date` gives, else that of the files' names: `01302019.NASDAQ_ITCH50.gz`,
 * `20190130.BX_ITCH_50.gz`, `S013019-v50.txt.gz`.
 *
 * @throws LobtraderError BAD_INSTANT for a bad date, BAD_ARGUMENT when no name tells the day or
 *   names tell different ones
 */
export function sessionDate({ date, files }: ImportCaptureOptions): string {
  if (date !== undefined) {
    dayNumber(date)
    return date
  }
  const days = [...new Set(files.map(dayInName).filter((day) => day !== undefined))]
  const [day] = days
  if (day === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the name of ${files[0] ?? ''} does not tell the day, and ITCH messages have none; give it with --date 2019-01-30`,
    )
  }
  if (days.length > 1) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the files are of different days: ${days.join(' and ')}; import each day on its own`,
    )
  }
  return day
}

/** Returns the day in the name of a file, undefined without one. */
export function dayInName(file: string): string | undefined {
  const name = basename(file)
  const short = /^S(\d\d)(\d\d)(\d\d)-v50/i.exec(name)
  if (short !== null) return validDay(`20${short[3]}`, short[1]!, short[2]!)
  for (const [digits] of name.matchAll(/(?<!\d)\d{8}(?!\d)/g)) {
    const parts = (...lengths: number[]): string[] => {
      let at = 0
      return lengths.map((length) => digits.slice(at, (at += length)))
    }
    const [year, month, day] = parts(4, 2, 2)
    const [monthFirst, dayNext, yearLast] = parts(2, 2, 4)
    const found = validDay(year!, month!, day!) ?? validDay(yearLast!, monthFirst!, dayNext!)
    if (found !== undefined) return found
  }
  return undefined
}

function validDay(year: string, month: string, day: string): string | undefined {
  const date = `${year}-${month}-${day}`
  if (Number(year) < 1990 || Number(year) > 2099) return undefined
  const isValid = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) ?? false
  return isValid ? date : undefined
}
