/** The grids that a capture is read onto: those of an instrument, or meters that find them. */
import { LobtraderError, parseDecimal } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { GridFactors } from '../grid-factors.ts'
import type { GridMeter, StepMeter } from '../grid-meter.ts'

/** Takes the decimals that a scanner finds. */
export interface DecimalGrid {
  /** Returns the index of `mantissa / 10^scale`, -1 when it has none. */
  indexOf(mantissa: number, scale: number): number
}

/** What the messages of one symbol are read with. */
export interface CaptureGrids {
  /** As the messages spell it. */
  readonly symbol: string
  readonly prices: DecimalGrid
  readonly sizes: DecimalGrid
  /** @throws LobtraderError as `Instrument.ticksOf` */
  readonly ticksOf: (text: string) => number
  /** @throws LobtraderError as `Instrument.lotsOf` */
  readonly lotsOf: (text: string) => number
}

/** Returns the grids of an instrument whose messages spell it `symbol`. */
export function instrumentGrids(instrument: Instrument, symbol = instrument.symbol): CaptureGrids {
  return {
    symbol,
    prices: new GridFactors(instrument.priceGrid),
    sizes: new GridFactors(instrument.sizeGrid),
    ticksOf: (text) => instrument.ticksOf(text),
    lotsOf: (text) => instrument.lotsOf(text),
  }
}

/** Returns grids that note every decimal and give each the index 1. */
export function meteredGrids(meter: GridMeter, symbol: string): CaptureGrids {
  return {
    symbol,
    prices: new Metered(meter.prices),
    sizes: new Metered(meter.sizes),
    ticksOf: (text) => noted(meter.prices, text),
    lotsOf: (text) => noted(meter.sizes, text),
  }
}

class Metered implements DecimalGrid {
  readonly #meter: StepMeter

  constructor(meter: StepMeter) {
    this.#meter = meter
  }

  indexOf(mantissa: number, scale: number): number {
    this.#meter.note(mantissa, scale)
    return 1
  }
}

function noted(meter: StepMeter, text: string): number {
  const { mantissa, scale } = parseDecimal(text)
  if (mantissa < 0) throw new LobtraderError('NEGATIVE', `${text} is negative`, { value: text })
  meter.note(mantissa, scale)
  return 1
}
