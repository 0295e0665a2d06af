/**
 * What a venue takes and refuses, as data: tick tables, sizes, values, price bands, halts.
 *
 * Tick tables by price: HKEX Second Schedule (spread table), JPX tick sizes, Commission Delegated
 * Regulation (EU) 2017/588 (RTS 11). Value, size, band and count: the filters MIN_NOTIONAL,
 * LOT_SIZE, PERCENT_PRICE and MAX_NUM_ORDERS of Binance.
 */
import { z } from 'zod'
import { DataError, LobtraderError, didYouMean } from '../../core/index.ts'
import { CALENDAR_NAMES, KNOWN_CALENDARS, TradingCalendar } from '../../market/index.ts'
import { SELF_TRADE_POLICIES } from '../../order/index.ts'

const FROM = 'expected a price from 0 on'
const POSITIVE = 'expected a number above 0'
const positive = z.number(POSITIVE).positive(POSITIVE)
const COUNT = 'expected a whole number above 0'
const yesOrNo = z.boolean('expected true or false')
const REFERENCES = ['last', 'mid', 'mark'] as const
const HALTS = ['refuse', 'queue'] as const

const oneOf = <T extends string>(words: readonly T[]) =>
  z.enum(words, `expected one of ${words.join(', ')}`)

const knownCalendar = z.enum(CALENDAR_NAMES).transform((name) => KNOWN_CALENDARS[name]())
const tickBand = z.strictObject(
  { from: z.number(FROM).nonnegative(FROM), tick: positive },
  'expected an object such as {"from": 0, "tick": 0.01}',
)
const priceBand = z.strictObject(
  { percent: positive, from: oneOf(REFERENCES).default('last') },
  'expected an object such as {"percent": 5, "from": "last"}',
)

/** The rules of a venue; what is left out is not limited. */
export const venueRulesSchema = z.strictObject({
  /** Price steps of orders: from each price on (quote units, rising) its tick. */
  tickTable: z
    .array(tickBand, 'expected a list such as [{"from": 0, "tick": 0.01}]')
    .nonempty('expected at least one {"from", "tick"}')
    .refine(
      (bands) => bands.every(({ from }, i) => i === 0 || from > bands[i - 1]!.from),
      'expected prices "from" that rise',
    )
    .optional(),
  /** Largest size of one order, base units or contracts. */
  maxSize: positive.optional(),
  /** Least value of one order, settlement currency; an order that reduces only is exempt. */
  minNotional: positive.optional(),
  /** How far from a reference a limit price may lie, percent of it. */
  priceBand: priceBand.optional(),
  /** Most orders of one owner that may be open. */
  maxOpenOrders: z.int(COUNT).positive(COUNT).optional(),
  /** What becomes of orders that arrive in a halt: refused, or kept until trading goes on. */
  halts: oneOf(HALTS).default('refuse'),
  /** Refuse a conditional order whose trigger is met when it arrives, instead of letting it go. */
  rejectStops: yesOrNo.default(false),
  /** For orders that do not say. */
  stp: oneOf(SELF_TRADE_POLICIES).default('none'),
  /** Says when the trading day of DAY orders ends; without one at midnight UTC. */
  calendar: z
    .union([z.instanceof(TradingCalendar), knownCalendar], {
      error: `expected a TradingCalendar or one of ${CALENDAR_NAMES.join(', ')}`,
    })
    .optional(),
})

/** What {@link venueRulesSchema} takes. */
export type VenueRules = z.input<typeof venueRulesSchema>
export type CheckedRules = z.output<typeof venueRulesSchema>

/**
 * Returns the rules with what is left out filled in.
 *
 * @throws LobtraderError BAD_ARGUMENT naming the rule, its value and what was expected
 */
export function checkedRules(rules: VenueRules): CheckedRules {
  const parsed = venueRulesSchema.safeParse(rules)
  if (parsed.success) return parsed.data
  const { field, message } = faultOf(parsed.error.issues[0]!, rules)
  throw new LobtraderError('BAD_ARGUMENT', `venue rule ${field}: ${message}`, { rule: field })
}

/**
 * Reads the rules of a venue from a JSON file.
 *
 * @param file for messages
 * @throws DataError BAD_JSON or BAD_FIELD naming file, field, value and what was expected
 */
export function parseVenueRules(text: string, file: string): VenueRules {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new DataError('BAD_JSON', `is no JSON (${(error as SyntaxError).message})`, { file })
  }
  const parsed = venueRulesSchema.safeParse(json)
  if (parsed.success) return json as VenueRules
  const { field, message } = faultOf(parsed.error.issues[0]!, json)
  throw new DataError('BAD_FIELD', message, { file, field })
}

/** Returns the rules as text for the settings of a run; undefined when they are the default. */
export function rulesText(rules: VenueRules | undefined): string | undefined {
  if (rules === undefined || Object.keys(rules).length === 0) return undefined
  const { calendar, ...plain } = rules
  if (calendar === undefined) return JSON.stringify(plain)
  const { name } = typeof calendar === 'string' ? KNOWN_CALENDARS[calendar]() : calendar
  return JSON.stringify({ ...plain, calendar: name })
}

/** Names the field that a schema refuses, and says what it was. */
function faultOf(
  issue: z.core.$ZodIssue,
  given: unknown,
): { readonly field: string; readonly message: string } {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys
    const known = knownKeys(path[0])
    const field = [...path, key].join('.')
    return { field, message: `is no rule; expected ${known.join(', ')}${didYouMean(key!, known)}` }
  }
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], given)
  const was = value === undefined ? 'nothing is there' : `was ${JSON.stringify(value)}`
  const expected = path.length === 0 ? 'expected an object such as {"maxSize": 10}' : issue.message
  return { field: path.join('.') || 'rules', message: `${expected}; ${was}` }
}

function knownKeys(rule: string | undefined): readonly string[] {
  if (rule === 'tickTable') return Object.keys(tickBand.shape)
  return Object.keys(rule === 'priceBand' ? priceBand.shape : venueRulesSchema.shape)
}
