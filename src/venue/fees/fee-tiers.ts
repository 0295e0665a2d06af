/** Fees whose rates fall with the volume of the last days. */
import { z } from 'zod'
import { LobtraderError, decimalText } from '../../core/index.ts'
import { DAY_NS, durationNs, type Duration } from '../../time/index.ts'
import type { FeeFill, FeeMeter, FeeModel } from './fee-model.ts'
import { BoundedCharge, boundsText } from './fee-rules.ts'
import { TrailingVolume } from './trailing-volume.ts'

const rate = z.number()

const tierSchema = z.strictObject({
  /** Volume of the window from which on the rates hold. */
  from: z.number().nonnegative(),
  /** Basis points of the traded value. */
  makerBps: rate.optional(),
  takerBps: rate.optional(),
  /** Settlement currency for a share or contract. */
  perUnit: rate.optional(),
})

const tableSchema = z.strictObject({
  /** What volume counts: traded value in the settlement currency (default), or size. */
  by: z.enum(['value', 'size']).default('value'),
  /** Whole days; default `30d`. */
  window: z.string().default('30d'),
  /** `daily` (default): the tier is looked up at UTC midnight, for the day; `fill`: at each fill. */
  update: z.enum(['daily', 'fill']).default('daily'),
  /** Volume of the window before the run, taken as traded evenly over it; default 0. */
  startVolume: z.number().nonnegative().default(0),
  tiers: z.array(tierSchema).min(1),
  /** Bounds of what an order is charged, as in `OrderBounds`. */
  minPerOrder: z.number().nonnegative().optional(),
  maxPerOrder: z.number().nonnegative().optional(),
  maxOrderShare: z.number().nonnegative().optional(),
})

/** A table of fee tiers, as it stands in a JSON file. */
export type FeeTierTable = Omit<z.input<typeof tableSchema>, 'window'> & {
  readonly window?: Duration
}

/** One tier of a {@link FeeTierTable}. */
export type FeeTier = z.input<typeof tierSchema>

/**
 * Fees by the volume of the last days: the last tier whose `from` the volume has reached. A fill
 * counts for those behind it. Volume in value is counted in the settlement currency of the fills:
 * instruments that settle in different currencies need a table each.
 *
 * @param source what the table is called in messages
 * @throws LobtraderError BAD_ARGUMENT naming the field, its value and what was expected
 */
export function tieredFees(given: FeeTierTable, source = 'fee tiers'): FeeModel {
  const table = checkedTable(given, source)
  const { tiers, minPerOrder, maxPerOrder, maxOrderShare } = table
  const bounds = {
    ...(minPerOrder === undefined ? {} : { min: minPerOrder }),
    ...(maxPerOrder === undefined ? {} : { max: maxPerOrder }),
    ...(maxOrderShare === undefined ? {} : { maxShare: maxOrderShare }),
  }
  const isBounded = Object.keys(bounds).length > 0
  const rows = tiers.map((tier) => `from ${decimalText(tier.from)}: ${tierText(tier)}`)
  const start = table.startVolume === 0 ? '' : `, ${decimalText(table.startVolume)} before`
  return {
    name: `tiers by ${table.by} of ${table.days} days${start} (${rows.join('; ')})${boundsText(bounds)}`,
    meter: () => new TierMeter(table, isBounded ? new BoundedCharge(bounds) : undefined),
  }
}

/**
 * Reads a table of fee tiers.
 *
 * @param source the file, for messages
 * @throws LobtraderError BAD_JSON or BAD_ARGUMENT naming file, field and what was expected
 */
export function parseFeeTiers(text: string, source: string): FeeModel {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new LobtraderError('BAD_JSON', `${source}: ${(error as SyntaxError).message}`, {
      file: source,
    })
  }
  return tieredFees(json as FeeTierTable, source)
}

type Table = z.output<typeof tableSchema> & { readonly days: number }

function checkedTable(given: FeeTierTable, source: string): Table {
  const { window } = given ?? {}
  const parsed = tableSchema.safeParse(
    typeof window === 'number' ? { ...given, window: `${window}ns` } : given,
  )
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const field = issue.path.join('.') || 'the table'
    throw badTable(source, field, issue.message)
  }
  const table = parsed.data
  const days = durationNs(table.window) / DAY_NS
  if (!Number.isInteger(days) || days < 1) {
    throw badTable(source, 'window', `expected whole days such as 30d, was ${table.window}`)
  }
  for (const i of table.tiers.keys()) checkTier(table, i, source)
  return { ...table, days }
}

function checkTier(table: z.output<typeof tableSchema>, i: number, source: string): void {
  const tier = table.tiers[i]!
  const least = i === 0 ? 0 : table.tiers[i - 1]!.from
  if (i === 0 ? tier.from !== 0 : tier.from <= least) {
    const rule = i === 0 ? 'the first tier begins at 0' : `more than ${least}, the tier before`
    throw badTable(source, `tiers.${i}.from`, `expected ${rule}, was ${tier.from}`)
  }
  const { makerBps, takerBps, perUnit } = tier
  if ((makerBps === undefined) !== (takerBps === undefined)) {
    throw badTable(source, `tiers.${i}`, 'expected makerBps and takerBps together')
  }
  if (makerBps === undefined && perUnit === undefined) {
    throw badTable(source, `tiers.${i}`, 'expected makerBps and takerBps, or perUnit')
  }
}

function badTable(source: string, field: string, rule: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `${source}, field ${field}: ${rule}`, { field })
}

function tierText({ makerBps, takerBps, perUnit }: FeeTier): string {
  const value = makerBps === undefined ? [] : [`${makerBps}/${takerBps} bps`]
  return [...value, ...(perUnit === undefined ? [] : [`${perUnit} a unit`])].join(' and ')
}

class TierMeter implements FeeMeter {
  readonly #table: Table
  readonly #volume: TrailingVolume
  readonly #bounded: BoundedCharge | undefined

  constructor(table: Table, bounded: BoundedCharge | undefined) {
    this.#table = table
    this.#volume = new TrailingVolume(table)
    this.#bounded = bounded
  }

  fee(fill: Readonly<FeeFill>): number {
    const { tiers, by } = this.#table
    const volume = this.#volume.at(fill.time)
    let row = tiers.length - 1
    while (tiers[row]!.from > volume) row--
    const { makerBps = 0, takerBps = 0, perUnit = 0 } = tiers[row]!
    this.#volume.add(fill.time, by === 'value' ? fill.value : fill.size)
    const raw = (fill.value * (fill.isMaker ? makerBps : takerBps)) / 1e4 + fill.size * perUnit
    return this.#bounded === undefined ? raw : this.#bounded.charge(fill, raw)
  }
}
