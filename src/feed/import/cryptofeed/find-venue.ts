/** Tells which venue a capture is of. */
import { DataError, LobtraderError } from '../../../core/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { BINANCE_MARKETS } from './binance.ts'
import { BITSTAMP } from './bitstamp.ts'
import { BYBIT } from './bybit.ts'
import { parseCaptureLine } from './capture-line.ts'
import { COINBASE } from './coinbase.ts'
import { KRAKEN } from './kraken.ts'
import { OKX } from './okx.ts'
import type { VenueRules } from './venue-rules.ts'

const VENUES: readonly VenueRules[] = [KRAKEN, COINBASE, BITSTAMP, OKX, BYBIT, ...BINANCE_MARKETS]

/** Lines to look at; a capture without an address begins with acknowledgements at most. */
const LINES_MAX = 10_000

/**
 * Returns the venue of the files, from the addresses in them or the form of their messages.
 *
 * @throws DataError for a file that cannot be read
 * @throws LobtraderError UNSUPPORTED for another venue, BAD_ARGUMENT for files of several
 */
export async function findVenue(paths: readonly string[]): Promise<VenueRules> {
  let found: { readonly rules: VenueRules; readonly path: string } | undefined
  let fault: DataError | undefined
  for (const path of paths) {
    const answer = await venueOf(path)
    if (answer instanceof DataError) fault ??= answer
    else if (answer !== undefined && found !== undefined && answer !== found.rules) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `an import reads one venue: ${found.path} is of ${found.rules.name}, ${path} of ${answer.name}`,
      )
    } else if (answer !== undefined) found ??= { rules: answer, path }
  }
  if (found !== undefined) return found.rules
  if (fault !== undefined) throw fault
  throw new LobtraderError(
    'UNSUPPORTED',
    `nothing in ${paths.join(', ')} tells which venue it is of (known: ${venueNames()})`,
  )
}

async function venueOf(path: string): Promise<VenueRules | DataError | undefined> {
  const cursor = await LineCursor.open(path)
  let fault: DataError | undefined
  try {
    for (let lines = 0; lines < LINES_MAX && (await cursor.advance());) {
      for (; cursor.ready > 0 && lines < LINES_MAX; cursor.step(), lines++) {
        const answer = venueOfLine(cursor.text('utf8'), path, cursor.line)
        if (answer instanceof DataError) fault ??= answer
        else if (answer !== undefined) return answer
      }
    }
    return fault
  } finally {
    await cursor.close()
  }
}

function venueOfLine(
  text: string,
  file: string,
  number: number,
): VenueRules | DataError | undefined {
  try {
    const line = parseCaptureLine(text, { file, line: number })
    if (line === undefined) return undefined
    if (line.url !== '') return venueOfUrl(line.url, file, number)
    const message = JSON.parse(line.json) as unknown
    return VENUES.find((rules) => rules.ownsMessage(message))
  } catch (error) {
    if (error instanceof DataError) return error
    // What is no JSON is told when it is read.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function venueOfUrl(url: string, file: string, line: number): VenueRules {
  const host = URL.canParse(url) ? new URL(url).hostname : url
  const rules = VENUES.find(({ ownsHost }) => ownsHost(host))
  if (rules !== undefined) return rules
  throw new LobtraderError(
    'UNSUPPORTED',
    `${file} line ${line}: captures of ${host} cannot be read (known venues: ${venueNames()})`,
    { file, line, host },
  )
}

function venueNames(): string {
  return VENUES.map(({ name }) => name).join(', ')
}
