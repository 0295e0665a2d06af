/** One line of a raw capture as cryptofeed writes it. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'

/**
 * What a line tells: `message` came through the websocket, `rest` is the answer to a request,
 * `connect` and `sent` are what the collector did.
 */
export type CaptureLineKind = 'message' | 'rest' | 'connect' | 'sent'

/** A line taken apart. */
export interface CaptureLine {
  readonly kind: CaptureLineKind
  /** Address of a `rest`, `connect` or `sent` line, else empty. */
  readonly url: string
  /** Whole seconds since 1970, and ns behind them. */
  readonly second: number
  readonly ns: number
  /** JSON of the message; empty for `connect`. */
  readonly json: string
}

const TIME = /^(\d{9,11})(?:\.(\d{1,9}))?$/
const ADDRESS = /^(?:wss?|https?):\/\//
const ARROWS: readonly (readonly [string, CaptureLineKind])[] = [
  [' <-> ', 'connect'],
  [' <- ', 'sent'],
  [' -> ', 'rest'],
]
const HEADER = 'configuration: '

/**
 * Takes a line apart; undefined for a blank line or the collector's configuration.
 *
 * @throws DataError BAD_FIELD when it is no line of a capture
 */
export function parseCaptureLine(text: string, place: DataPlace): CaptureLine | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  if (line.trim() === '' || line.startsWith(HEADER)) return undefined
  if (!ADDRESS.test(line)) return timed('message', '', line, place)
  for (const [arrow, kind] of ARROWS) {
    const at = line.indexOf(arrow)
    // An arrow inside the JSON stands behind blanks; an address has none.
    if (at < 0 || line.lastIndexOf(' ', at - 1) >= 0) continue
    return timed(kind, line.slice(0, at), line.slice(at + arrow.length), place)
  }
  throw new DataError(
    'BAD_FIELD',
    `expected "<->", "<-" or "->" behind the address, was ${shownText(line)}`,
    { ...place, field: 'address' },
  )
}

function timed(
  kind: CaptureLineKind,
  url: string,
  rest: string,
  place: DataPlace,
): CaptureLine | undefined {
  const colon = rest.indexOf(': ')
  const text = colon < 0 ? rest : rest.slice(0, colon)
  const match = TIME.exec(text)
  if (match === null || (colon < 0 && kind !== 'connect')) {
    throw new DataError(
      'BAD_FIELD',
      `a line is "<receive time in Unix seconds>: <json>", with an address and an arrow before it where it is no message, was ${shownText(rest)}`,
      { ...place, field: 'receive time', value: text.slice(0, 60) },
    )
  }
  const [, second = '', fraction = ''] = match
  return {
    kind,
    url,
    second: Number(second),
    ns: Number(fraction.padEnd(9, '0')),
    json: colon < 0 ? '' : rest.slice(colon + 2),
  }
}
