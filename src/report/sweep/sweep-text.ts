/** A sweep in words. */
import { plainText, spanText } from '../number-text.ts'
import { breakEven, type SweepAxis, type SweepLine } from './sweep-result.ts'

/** Says where the profit of a line ends or begins: `in profit up to 3.2 ms`. */
export function breakEvenText(line: SweepLine, axis: SweepAxis): string {
  const { at, first } = breakEven(line, axis)
  const text = axis.name === 'latency' ? spanText : plainText
  if (at.length === 0) {
    return first > 0 ? 'in profit at every value' : 'no profit at any value'
  }
  const [one] = at
  if (at.length === 1) {
    return first > 0 ? `in profit up to ${text(one!)}` : `in profit from ${text(one!)} on`
  }
  return `the sign changes at ${at.map(text).join(', ')}`
}
