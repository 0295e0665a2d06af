/**
 * What a result holds. Apart from its conversion, so that the types of the package do not name those
 * of an engine which a user may not have installed.
 */

/** A value of a result: numbers that a double holds exactly are numbers, larger ones text. */
export type SqlValue =
  | null
  | boolean
  | number
  | string
  | readonly SqlValue[]
  | { readonly [name: string]: SqlValue }
