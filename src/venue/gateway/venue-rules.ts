/**
 * What a venue takes and refuses, as data: tick tables, sizes, values, price bands, halts.
 *
 * Tick tables by price: HKEX Second Schedule (spread table), JPX tick sizes, Commission Delegated
 * Regulation (EU) 2017/588 (RTS 11). Value, size, band and count: the filters MIN_NOTIONAL,
 * LOT_SIZE, PERCENT_PRICE and MAX_NUM_ORDERS of Binance.
 */
import { z } from 'zod'
import { LobtraderError } from '../../core/index.ts'
import { TradingCalendar } from '../../market/index.ts'
import { SELF_TRADE_POLICIES } from '../../order/index.ts'

const positive = z.number().positive('expected a number above 0')

/** The rules of a venue; what is left out is not limited. */
export const venueRulesSchema = z.strictObject({
  /** Price steps of orders: from each price on (quote units, rising) its tick. */
  tickTable: z
    .array(z.strictObject({ from: z.number().nonnegative(), tick: positive }))
    .nonempty()
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
  priceBand: z
    .strictObject({ percent: positive, from: z.enum(['last', 'mid', 'mark']).default('last') })
    .optional(),
  /** Most orders of one owner that may be open. */
  maxOpenOrders: z.int().positive('expected a whole number above 0').optional(),
  /** What becomes of orders that arrive in a halt: refused, or kept until trading goes on. */
  halts: z.enum(['refuse', 'queue']).default('refuse'),
  /** Refuse a conditional order whose trigger is met when it arrives, instead of letting it go. */
  rejectStops: z.boolean().default(false),
  /** For orders that do not say. */
  stp: z.enum(SELF_TRADE_POLICIES).default('none'),
  /** Says when the trading day of DAY orders ends; without one at midnight UTC. */
  calendar: z.instanceof(TradingCalendar, { error: 'expected a TradingCalendar' }).optional(),
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
  const issue = parsed.error.issues[0]!
  const rule = issue.path.map(String).join('.') || 'rules'
  throw new LobtraderError('BAD_ARGUMENT', `venue rule ${rule}: ${issue.message}`, { rule })
}

/** Returns the rules as text for the settings of a run; undefined when they are the default. */
export function rulesText(rules: VenueRules | undefined): string | undefined {
  if (rules === undefined || Object.keys(rules).length === 0) return undefined
  const { calendar, ...plain } = rules
  return JSON.stringify(calendar === undefined ? plain : { ...plain, calendar: calendar.name })
}
