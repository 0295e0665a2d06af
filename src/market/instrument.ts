/**
 * What is traded: its grids of price and size, how its value is counted.
 *
 * Decimals become integer ticks and lots here, exactly, and leave through here.
 */
import { z } from 'zod'
import {
  LobtraderError,
  POWERS_OF_TEN,
  decimalText,
  mantissaAt,
  parseDecimal,
  type Decimal,
} from '../core/index.ts'
import { instantNs } from '../time/index.ts'

/** How an instrument's value follows from its price. */
export const INSTRUMENT_KINDS = [
  'spot',
  'equity',
  'linear-perpetual',
  'inverse-perpetual',
  'linear-future',
  'inverse-future',
] as const

/** One of {@link INSTRUMENT_KINDS}. */
export type InstrumentKind = (typeof INSTRUMENT_KINDS)[number]

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/

const positiveDecimal = z.string().refine(
  (text) => {
    try {
      return parseDecimal(text).mantissa > 0
    } catch {
      return false
    }
  },
  { message: 'expected a positive decimal in quotes, such as "0.01"' },
)

const rateBelowOne = positiveDecimal.refine((text) => Number(text) <= 1, {
  message: 'expected a share of the value from 0 to 1 in quotes, such as "0.05"',
})

const momentInTime = z.string().refine(
  (text) => {
    try {
      instantNs(text)
      return true
    } catch {
      return false
    }
  },
  { message: 'expected a moment such as "2025-03-28T08:00:00Z"' },
)

/** The JSON form of an instrument (`instrument.json`); all grids are decimal text, never floats. */
export const instrumentSchema = z.strictObject({
  venue: z.string().regex(NAME, 'expected letters, digits, dot, dash or underscore'),
  symbol: z.string().regex(NAME, 'expected letters, digits, dot, dash or underscore'),
  kind: z.enum(INSTRUMENT_KINDS),
  base: z.string().min(1),
  quote: z.string().min(1),
  /** Price step of orders. */
  tickSize: positiveDecimal,
  /** Size step of orders. */
  lotSize: positiveDecimal,
  /** Base units (linear) or quote units (inverse) per 1 of size. */
  multiplier: positiveDecimal.default('1'),
  /** Price step of the data where it is finer than that of orders; divides `tickSize`. */
  dataTickSize: positiveDecimal.optional(),
  /** Size step of the data where it is finer than that of orders; divides `lotSize`. */
  dataLotSize: positiveDecimal.optional(),
  /** When a future expires: from then on nothing trades, and open positions are settled. */
  expiry: momentInTime.optional(),
  /** Share of the value that the venue asks for to open a position. */
  initialMargin: rateBelowOne.optional(),
  /** Share of the value below which it closes one. */
  maintenanceMargin: rateBelowOne.optional(),
})

/** What {@link Instrument} is made from. */
export type InstrumentSpec = z.input<typeof instrumentSchema>

/** Rounding of a price that lies between two grid points. */
export type RoundMode = 'down' | 'up' | 'nearest'

/** One grid: `step / 10^scale` apart. */
class Grid {
  readonly text: string
  // Numbers from the first: a field that begins undefined is looked at twice wherever it is read.
  readonly step: number = 0
  readonly scale: number = 0
  readonly #divisor: number = Number.NaN

  constructor(decimal: Decimal, text: string) {
    this.text = text
    this.step = decimal.mantissa
    this.scale = decimal.scale
    this.#divisor = POWERS_OF_TEN[decimal.scale]!
  }

  toNumber(index: number): number {
    return (index * this.step) / this.#divisor
  }

  /** Returns the grid index of an exact decimal, or NaN when it lies off the grid. */
  indexOf(decimal: Decimal): number {
    if (decimal.scale > this.scale) {
      const factor = POWERS_OF_TEN[decimal.scale - this.scale]! * this.step
      const index = decimal.mantissa / factor
      return Number.isSafeInteger(index) && index * factor === decimal.mantissa ? index : Number.NaN
    }
    const mantissa = mantissaAt(decimal, this.scale)
    const index = mantissa / this.step
    return Number.isSafeInteger(index) ? index : Number.NaN
  }
}

/** An instrument with exact decimal grids. Books live on the data grid, orders on `tickSize`. */
export class Instrument {
  readonly venue: string
  readonly symbol: string
  readonly kind: InstrumentKind
  readonly base: string
  readonly quote: string
  /** Base units (linear) or quote units (inverse) per 1 of size. */
  readonly multiplier: number = Number.NaN
  /** Data ticks between two prices that an order may have; 1 on most venues. */
  readonly orderTickStep: number = 1
  /** Data lots between two sizes that an order may have; 1 on most venues. */
  readonly orderLotStep: number = 1
  /** True when value is counted in base units: `size * multiplier / price`. */
  readonly isInverse: boolean
  /** Unix ns at which it expires; undefined where it does not. */
  readonly expiryNs: bigint | undefined
  readonly spec: z.output<typeof instrumentSchema>
  readonly #price: Grid
  readonly #size: Grid

  /** @throws LobtraderError BAD_INSTRUMENT naming the field, its value and what was expected */
  constructor(spec: InstrumentSpec) {
    const parsed = instrumentSchema.safeParse(spec)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      const field = issue.path.join('.') || 'instrument'
      throw new LobtraderError('BAD_INSTRUMENT', `instrument field ${field}: ${issue.message}`, {
        field,
      })
    }
    this.spec = parsed.data
    this.venue = parsed.data.venue
    this.symbol = parsed.data.symbol
    this.kind = parsed.data.kind
    this.base = parsed.data.base
    this.quote = parsed.data.quote
    this.multiplier = Number(parsed.data.multiplier)
    this.isInverse = parsed.data.kind.startsWith('inverse')
    const { expiry } = parsed.data
    if (expiry !== undefined && !parsed.data.kind.endsWith('future')) {
      throw new LobtraderError(
        'BAD_INSTRUMENT',
        `instrument field expiry: only futures expire, ${this.symbol} is of kind ${this.kind}`,
        { field: 'expiry' },
      )
    }
    this.expiryNs = expiry === undefined ? undefined : instantNs(expiry)
    const dataTick = parsed.data.dataTickSize ?? parsed.data.tickSize
    const dataLot = parsed.data.dataLotSize ?? parsed.data.lotSize
    this.#price = new Grid(parseDecimal(dataTick), dataTick)
    this.#size = new Grid(parseDecimal(dataLot), dataLot)
    this.orderTickStep = orderStep(this.#price, parsed.data.tickSize, 'dataTickSize', 'tickSize')
    this.orderLotStep = orderStep(this.#size, parsed.data.lotSize, 'dataLotSize', 'lotSize')
  }

  /** True when holders of positions pay each other funding. */
  get isPerpetual(): boolean {
    return this.kind.endsWith('perpetual')
  }

  /** True when a position is paid for and held, not margined: a currency or a share. */
  get isAsset(): boolean {
    return this.kind === 'spot' || this.kind === 'equity'
  }

  /** Price step of the data grid in quote units. */
  get tickSize(): number {
    return this.#price.toNumber(1)
  }

  /** Size step of the data grid in base units or contracts. */
  get lotSize(): number {
    return this.#size.toNumber(1)
  }

  /** Step and decimal places of the data price grid: a tick is `step / 10^scale`. */
  get priceGrid(): { readonly step: number; readonly scale: number } {
    return this.#price
  }

  /** Step and decimal places of the size grid: a lot is `step / 10^scale`. */
  get sizeGrid(): { readonly step: number; readonly scale: number } {
    return this.#size
  }

  /** Currency in which profit is counted: the base of an inverse contract, else the quote. */
  get settlement(): string {
    return this.isInverse ? this.base : this.quote
  }

  /** Returns the double nearest to the price at `ticks` (data grid). */
  price(ticks: number): number {
    return this.#price.toNumber(ticks)
  }

  /** Returns the double nearest to the size of `lots`. */
  size(lots: number): number {
    return this.#size.toNumber(lots)
  }

  /**
   * Returns the data tick of a price.
   *
   * @throws LobtraderError OFF_GRID, NOT_FINITE, BAD_DECIMAL or OUT_OF_RANGE (|ticks| >= 2^31)
   */
  ticksOf(price: number | string): number {
    const ticks = gridIndex(this.#price, price, 'price', this.symbol)
    if (ticks !== (ticks | 0)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `price ${price} of ${this.symbol} is beyond 2^31 ticks of ${this.#price.text}`,
        { value: price },
      )
    }
    return ticks
  }

  /**
   * Returns the lots of a size.
   *
   * @throws LobtraderError OFF_GRID, NOT_FINITE, BAD_DECIMAL, NEGATIVE or OUT_OF_RANGE (> 2^53 lots)
   */
  lotsOf(size: number | string): number {
    const lots = gridIndex(this.#size, size, 'size', this.symbol)
    if (lots < 0) {
      throw new LobtraderError('NEGATIVE', `size ${size} of ${this.symbol} is negative`, {
        value: size,
      })
    }
    return lots
  }

  /**
   * Returns the data tick of the order price for any price in quote units.
   *
   * @throws LobtraderError NOT_FINITE when `price` is NaN or infinite
   */
  roundToTicks(price: number, mode: RoundMode): number {
    if (!Number.isFinite(price)) throw notFinite(`price of ${this.symbol}`, price)
    const step = this.orderTickStep
    const raw = price / this.price(step)
    const nearest = Math.round(raw)
    // A price that is a grid point up to float noise stays where it is in every mode.
    if (isWhole(raw)) return nearest * step
    if (mode === 'down') return Math.floor(raw) * step
    if (mode === 'up') return Math.ceil(raw) * step
    return nearest * step
  }

  /**
   * Returns the value of one unit of size at a price, signed so that
   * profit = size x (unitValue(exit) - unitValue(entry)) in the settlement currency.
   *
   * Linear: price x multiplier. Inverse: -multiplier / price.
   */
  unitValue(price: number): number {
    return this.isInverse ? -this.multiplier / price : price * this.multiplier
  }

  /** Returns the traded value (>= 0) of `size` at `price` in the settlement currency. */
  notional(size: number, price: number): number {
    return Math.abs(size * this.unitValue(price))
  }

  toJSON(): z.output<typeof instrumentSchema> {
    return this.spec
  }
}

/** Returns the data steps in one step of orders. */
function orderStep(data: Grid, order: string, dataField: string, orderField: string): number {
  const step = data.indexOf(parseDecimal(order))
  if (!Number.isNaN(step)) return step
  throw new LobtraderError(
    'BAD_INSTRUMENT',
    `instrument field ${dataField}: ${data.text} does not divide ${orderField} ${order}`,
    { field: dataField },
  )
}

function notFinite(what: string, value: number | string): LobtraderError {
  return new LobtraderError('NOT_FINITE', `${what} must be a finite number, was ${value}`, {
    value: String(value),
  })
}

/** True when `raw` is a whole number up to the noise of a few roundings of a double. */
function isWhole(raw: number): boolean {
  return Math.abs(raw - Math.round(raw)) <= Math.max(1e-7, Math.abs(raw) * 1e-15)
}

function gridIndex(grid: Grid, value: number | string, what: string, symbol: string): number {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notFinite(`${what} of ${symbol}`, value)
    // Sums such as 0.1 + 0.2 miss their grid point by float noise only; a text has no noise.
    const raw = value / grid.toNumber(1)
    if (isWhole(raw)) return Math.round(raw)
  } else {
    const exact = grid.indexOf(parseDecimal(value))
    if (!Number.isNaN(exact)) return exact
  }
  const raw = Number(value) / grid.toNumber(1)
  if (Math.abs(raw) > Number.MAX_SAFE_INTEGER) {
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `${what} ${value} of ${symbol} is beyond 2^53 steps of ${grid.text}`,
      { value },
    )
  }
  const below = decimalText(grid.toNumber(Math.floor(raw)))
  const above = decimalText(grid.toNumber(Math.floor(raw) + 1))
  throw new LobtraderError(
    'OFF_GRID',
    `${what} ${value} of ${symbol} is not a multiple of ${grid.text}; nearest ${below} and ${above}`,
    { value, below, above },
  )
}
