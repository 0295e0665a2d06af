/**
 * Lines: series that grow by one value a bar, and expressions over them.
 *
 * A strategy declares lines in its fields; the {@link LineClock} of the data then moves all of them
 * one bar at a time, data first, derived lines in order of creation, which is an order of
 * dependency because a line can only be made from lines that exist. Nothing here reads ahead.
 */
import { LobtraderError } from '../../core/index.ts'

// What the classes of this file may do to each other and nobody else may.
let clockOf: (line: Line) => LineClock
let advanceLine: (line: Line, index: number) => void
let enrolLine: (clock: LineClock, line: Line) => void

/** A series of doubles, one per bar. A bar on which the line has no value yet holds NaN. */
export abstract class Line {
  readonly name: string
  /** Bars that must have been delivered before the line has its first value, 1 or more. */
  readonly minPeriod: number
  readonly #clock: LineClock
  #values: Float64Array

  static {
    clockOf = (line) => line.#clock
    advanceLine = (line, index) => {
      const value = line.produce()
      if (index === line.#values.length) {
        const grown = new Float64Array(index * 2)
        grown.set(line.#values)
        line.#values = grown
      }
      line.#values[index] = value
    }
  }

  /** @param values where the values stand, or will */
  constructor(
    clock: LineClock,
    name: string,
    minPeriod: number,
    values: Float64Array = new Float64Array(64),
  ) {
    this.#clock = clock
    this.#values = values
    this.name = name
    this.minPeriod = minPeriod
    enrolLine(clock, this)
  }

  /** Bars delivered so far. */
  get length(): number {
    return this.#clock.length
  }

  /**
   * Returns a value of the present or an earlier bar; NaN while the line warms up.
   *
   * @param ago 0 is now, -1 one bar ago; an integer, -length < ago <= 0
   * @throws LobtraderError OUT_OF_RANGE for the future or a bar before the first
   */
  at(ago: number): number {
    const index = this.#clock.length - 1 + ago
    if (!(ago <= 0 && index >= 0 && Number.isInteger(ago))) throw this.#outOfRange(ago)
    return this.#values[index]!
  }

  /** Returns a copy of all values so far, oldest first; shape [length]. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.length)
  }

  plus(other: Line | number): Line {
    return new OperatorLine('+', (a, b) => a + b, this, other)
  }

  minus(other: Line | number): Line {
    return new OperatorLine('-', (a, b) => a - b, this, other)
  }

  times(other: Line | number): Line {
    return new OperatorLine('*', (a, b) => a * b, this, other)
  }

  dividedBy(other: Line | number): Line {
    return new OperatorLine('/', (a, b) => a / b, this, other)
  }

  /** Returns the same series `bars` bars later: its value now is this line's `bars` bars ago. */
  delayed(bars: number): Line {
    return new DelayedLine(this, bars)
  }

  /** Returns the value of the bar that has just been reached. */
  protected abstract produce(): number

  #outOfRange(ago: number): LobtraderError {
    const why =
      ago > 0
        ? 'that bar is in the future'
        : Number.isInteger(ago)
          ? `${this.length} bars have been delivered`
          : 'a whole number of bars, 0 or less, was expected'
    return new LobtraderError('OUT_OF_RANGE', `line ${this.name} has no value at(${ago}): ${why}`, {
      line: this.name,
      ago,
      length: this.length,
    })
  }
}

/** A line that is given its values: open, close, a spread. Made by {@link LineClock.source}. */
export class SourceLine extends Line {
  #pending = 0
  #hasPending = false

  /** @param clock the clock that will move it; use {@link LineClock.source} */
  constructor(clock: LineClock, name: string) {
    super(clock, name, 1)
  }

  /**
   * Gives the value of the coming bar, which the clock's next `advance()` makes visible.
   *
   * @throws LobtraderError BAD_ARGUMENT when that bar has its value already
   */
  push(value: number): void {
    if (this.#hasPending) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `line ${this.name} was given two values for one bar`,
        {
          line: this.name,
          value,
        },
      )
    }
    this.#pending = value
    this.#hasPending = true
  }

  protected override produce(): number {
    if (!this.#hasPending) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `line ${this.name} was given no value for this bar`,
        {
          line: this.name,
        },
      )
    }
    this.#hasPending = false
    return this.#pending
  }
}

/**
 * A line whose values stand in a column already, one for each bar to come: nothing is copied as
 * bars are delivered. Made by {@link LineClock.column}.
 */
export class ColumnLine extends Line {
  /** @param clock the clock that will show the values; use {@link LineClock.column} */
  constructor(clock: LineClock, name: string, column: Float64Array) {
    super(clock, name, 1, column)
  }

  protected override produce(): number {
    return this.at(0)
  }
}

/** A line computed from other lines of the same clock, one bar at a time. */
export abstract class DerivedLine extends Line {
  readonly #inputPeriod: number

  /**
   * @param inputs lines that {@link compute} reads, at least one
   * @param moreBars bars needed beyond the warm-up of the inputs, 0 or more
   * @throws LobtraderError UNSUPPORTED when the inputs come from different clocks, BAD_ARGUMENT
   *   when bars have been delivered already
   */
  constructor(name: string, inputs: readonly [Line, ...Line[]], moreBars = 0) {
    const inputPeriod = Math.max(...inputs.map((input) => input.minPeriod))
    super(commonClock(name, inputs), name, inputPeriod + moreBars)
    this.#inputPeriod = inputPeriod
  }

  /** Returns the value of this bar; called once a bar from the first on which all inputs have one. */
  protected abstract compute(): number

  protected override produce(): number {
    const { length } = this
    if (length < this.#inputPeriod) return Number.NaN
    const value = this.compute()
    return length < this.minPeriod ? Number.NaN : value
  }
}

/** A function of the present values of two operands. */
export class OperatorLine extends DerivedLine {
  readonly #apply: (a: number, b: number) => number
  readonly #a: Line | number
  readonly #b: Line | number

  /** @throws LobtraderError BAD_ARGUMENT when neither operand is a line, and as DerivedLine */
  constructor(
    symbol: string,
    apply: (a: number, b: number) => number,
    a: Line | number,
    b: Line | number,
  ) {
    super(`(${operandName(a)} ${symbol} ${operandName(b)})`, operandLines(symbol, a, b))
    this.#apply = apply
    this.#a = a
    this.#b = b
  }

  protected override compute(): number {
    const a = typeof this.#a === 'number' ? this.#a : this.#a.at(0)
    const b = typeof this.#b === 'number' ? this.#b : this.#b.at(0)
    return this.#apply(a, b)
  }
}

/** See {@link Line.delayed}. */
class DelayedLine extends DerivedLine {
  readonly #input: Line
  readonly #bars: number

  constructor(input: Line, bars: number) {
    if (!Number.isSafeInteger(bars) || bars < 0) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `line ${input.name} cannot be delayed by ${bars} bars; expected a whole number, 0 or more`,
        { line: input.name, bars },
      )
    }
    super(`delayed(${input.name}, ${bars})`, [input], bars)
    this.#input = input
    this.#bars = bars
  }

  protected override compute(): number {
    return this.length < this.minPeriod ? Number.NaN : this.#input.at(-this.#bars)
  }
}

/** Owns the lines of one data feed and moves them together, one bar at a time. */
export class LineClock {
  readonly #sources = new Map<string, SourceLine>()
  readonly #derived: DerivedLine[] = []
  #length = 0
  #minPeriod = 1

  static {
    enrolLine = (clock, line) => clock.#enrol(line)
  }

  /** Bars delivered so far. */
  get length(): number {
    return this.#length
  }

  /** The largest warm-up of all lines: `next` begins on the bar with this number, counted from 1. */
  get minPeriod(): number {
    return this.#minPeriod
  }

  /** Returns the data line of this name, made when first asked for. */
  source(name: string): SourceLine {
    return this.#sources.get(name) ?? new SourceLine(this, name)
  }

  /** Returns a data line over a column that has a value for each bar to come. */
  column(name: string, values: Float64Array): ColumnLine {
    return new ColumnLine(this, name, values)
  }

  /**
   * Moves one bar: shows the values that were pushed, then updates the derived lines.
   *
   * @throws LobtraderError BAD_ARGUMENT when a source was given no value for this bar
   */
  advance(): void {
    const index = this.#length
    for (const line of this.#sources.values()) advanceLine(line, index)
    this.#length++
    const derived = this.#derived
    for (let i = 0; i < derived.length; i++) advanceLine(derived[i]!, index)
  }

  #enrol(line: Line): void {
    if (this.#length > 0) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `line ${line.name} was created on bar ${this.#length}; lines are declared before the ` +
          'first bar, in a field of the strategy or in start()',
        { line: line.name, bar: this.#length },
      )
    }
    if (line instanceof SourceLine) this.#sources.set(line.name, line)
    else if (!(line instanceof ColumnLine)) this.#derived.push(line as DerivedLine)
    this.#minPeriod = Math.max(this.#minPeriod, line.minPeriod)
  }
}

function commonClock(name: string, inputs: readonly [Line, ...Line[]]): LineClock {
  const clock = clockOf(inputs[0])
  for (const input of inputs) {
    if (clockOf(input) !== clock) {
      throw new LobtraderError(
        'UNSUPPORTED',
        `line ${name} mixes lines of two data feeds (${inputs[0].name} and ${input.name})`,
        { line: name },
      )
    }
  }
  return clock
}

function operandName(operand: Line | number): string {
  return typeof operand === 'number' ? String(operand) : operand.name
}

function operandLines(symbol: string, a: Line | number, b: Line | number): [Line, ...Line[]] {
  const [first, ...rest] = [a, b].filter((operand) => typeof operand !== 'number')
  if (first === undefined) {
    throw new LobtraderError('BAD_ARGUMENT', `"${symbol}" needs at least one line as an operand`)
  }
  return [first, ...rest]
}
