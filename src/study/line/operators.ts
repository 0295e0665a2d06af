/** Arithmetic and comparison of lines as functions, because TypeScript cannot overload `+` and `>`. */
import { OperatorLine, type Line } from './line.ts'

/** Makes a line from two operands of which at least one is a line. */
export interface LineOperator {
  (a: Line, b: Line | number): Line
  (a: number, b: Line): Line
}

function operator(symbol: string, apply: (a: number, b: number) => number): LineOperator {
  return (a: Line | number, b: Line | number) => new OperatorLine(symbol, apply, a, b)
}

function comparison(symbol: string, holds: (a: number, b: number) => boolean): LineOperator {
  return operator(symbol, (a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
    return holds(a, b) ? 1 : 0
  })
}

/** The sum of two operands. */
export const add: LineOperator = operator('+', (a, b) => a + b)

/** The first operand minus the second. */
export const sub: LineOperator = operator('-', (a, b) => a - b)

/** The product of two operands. */
export const mul: LineOperator = operator('*', (a, b) => a * b)

/** The first operand over the second; IEEE division, so 0 / 0 is NaN and 1 / 0 is Infinity. */
export const div: LineOperator = operator('/', (a, b) => a / b)

/** 1 where a > b, else 0; NaN where either is NaN. */
export const gt: LineOperator = comparison('>', (a, b) => a > b)

/** 1 where a < b, else 0; NaN where either is NaN. */
export const lt: LineOperator = comparison('<', (a, b) => a < b)

/** 1 where a >= b, else 0; NaN where either is NaN. */
export const ge: LineOperator = comparison('>=', (a, b) => a >= b)

/** 1 where a <= b, else 0; NaN where either is NaN. */
export const le: LineOperator = comparison('<=', (a, b) => a <= b)

/** 1 where a = b, else 0; NaN where either is NaN. */
export const eq: LineOperator = comparison('==', (a, b) => a === b)

/** The value of `line` `bars` bars ago (backtrader: `line(-bars)`). */
export function delayed(line: Line, bars: number): Line {
  return line.delayed(bars)
}
