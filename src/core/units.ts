/** Branded numbers: a price in ticks and a size in lots must not be swappable. */

declare const unit: unique symbol

/** A `T` that carries the unit `U` at compile time only. */
export type Unit<T, U extends string> = T & { readonly [unit]: U }

/** An integer price on an instrument's data grid, |x| <= 2^31 - 1. */
export type Ticks = Unit<number, 'ticks'>

/** An integer size in lots, |x| <= 2^53 - 1. */
export type Lots = Unit<number, 'lots'>

/** Integer nanoseconds since the run's epoch (UTC midnight), |x| <= 2^53 - 1. */
export type TimeNs = Unit<number, 'ns since run epoch'>
