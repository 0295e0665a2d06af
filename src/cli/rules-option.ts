/** `--rules`: what a venue refuses or keeps, from a file. */
import { DataError, LobtraderError } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import { TickTable, parseVenueRules, type VenueRules } from '../venue/index.ts'
import { failureOf } from './failure.ts'
import { readOptionFile } from './option-file.ts'

/** What the help says of the option. */
export const RULES_HELP =
  'JSON file of what the venue refuses or keeps: {"tickTable": [{"from": 0, "tick": 0.01}], "maxSize": 10, "minNotional": 5, "priceBand": {"percent": 5, "from": "last"}, "maxOpenOrders": 200, "halts": "refuse", "rejectStops": true, "stp": "cancel-newest", "calendar": "globex"}, each of which may be left out; or off'

/** Rules, and the file that they were read from; none where it is `off`. */
export interface GivenRules {
  readonly file: string
  readonly rules: VenueRules | undefined
}

/**
 * Reads `--rules`.
 *
 * @throws DataError ABSENT_FILE, BAD_JSON or BAD_FIELD naming file, field, value and what was expected
 */
export function readRules(text: string): GivenRules {
  if (text === 'off') return { file: text, rules: undefined }
  return { file: text, rules: parseVenueRules(readOptionFile('--rules', text), text) }
}

/**
 * Returns the rules, once they are seen to fit an instrument.
 *
 * @throws DataError BAD_FIELD when a price of the tick table is not on the instrument's grid
 */
export function rulesFor(
  { file, rules }: GivenRules,
  instrument: Instrument,
): VenueRules | undefined {
  if (rules === undefined) return undefined
  try {
    // Thrown away: made only for what it says of the rules.
    void new TickTable(rules, instrument)
    return rules
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    throw new DataError('BAD_FIELD', failureOf(error).message, { file })
  }
}
