/** The axes of a sweep, from the texts of its options, and the cells of their grid. */
import { LobtraderError, decimalToNumber, mantissaAt, parseDecimal } from '../../core/index.ts'
import type { AccountFlags } from '../account-options.ts'
import type { VenueFlags } from '../venue-flags.ts'

/** One value of each axis that decides a run, as `lobtrader backtest` takes them. */
export interface SweepCell {
  readonly venue: VenueFlags
  readonly account: AccountFlags
  /** `name=value` texts, one for each parameter of `--set`. */
  readonly settings: readonly string[]
  /** The values as the axes name them, for tables: options in the order of the help, parameters. */
  readonly labels: Readonly<Record<string, string>>
}

/** The texts of a sweep's options; each holds one value or more. */
export interface SweepTexts {
  readonly latency: string
  readonly queue: string
  readonly exchange: string
  /** Each is one value, as their texts have commas or are files. */
  readonly fees: readonly string[]
  readonly funding?: readonly string[]
  readonly rules?: readonly string[]
  readonly feedDelay?: string
  /** Each is a list of its own: all limits are kept. */
  readonly rateLimit?: readonly string[]
  readonly leverage?: string
  readonly margin?: string
  readonly liquidationFee?: string
  readonly set: readonly string[]
}

/** More cells than anyone waits for: a slip of a range. */
const CELLS_MAX = 100_000
/** Axes that every sweep has; a parameter cannot be called so. */
const ALWAYS = new Set(['latency', 'queue', 'exchange', 'fees'])

/** What varies, and what a value of it makes of a cell. */
interface Axis {
  readonly name: string
  readonly values: readonly string[]
  readonly option: 'venue' | 'account' | 'set'
}

/**
 * Returns every cell of the grid; the last axis changes fastest.
 *
 * @throws LobtraderError BAD_ARGUMENT naming the option and what was expected
 */
export function sweepCells(texts: SweepTexts): SweepCell[] {
  const axes = [...optionAxes(texts), ...texts.set.map(settingAxis)]
  const names = axes.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw refusal(`"${twice}" is set twice; give its values in one list, such as ${twice}=1,2`)
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1)
  if (count > CELLS_MAX) {
    throw refusal(`a sweep of ${count} runs was asked for; the most is ${CELLS_MAX}`)
  }
  return grid(axes).map((labels) => cellOf(labels, axes))
}

function optionAxes(texts: SweepTexts): readonly Axis[] {
  const { feedDelay, rateLimit = [], leverage, margin, liquidationFee } = texts
  const several = (name: string, values: readonly string[] = []): Axis => ({
    name,
    values: checked(`--${name}`, values),
    option: 'venue',
  })
  const list = (name: string, text: string | undefined, option: 'venue' | 'account'): Axis => ({
    name,
    values: text === undefined ? [] : listOf(`--${name}`, text),
    option,
  })
  return [
    list('latency', texts.latency, 'venue'),
    list('queue', texts.queue, 'venue'),
    list('exchange', texts.exchange, 'venue'),
    several('fees', texts.fees),
    list('feed-delay', feedDelay, 'venue'),
    ...rateLimit.map((text, i) => ({
      ...list('rate-limit', text, 'venue'),
      name: i === 0 ? 'rate-limit' : `rate-limit ${i + 1}`,
    })),
    several('rules', texts.rules),
    several('funding', texts.funding),
    list('leverage', leverage, 'account'),
    list('margin', margin, 'account'),
    list('liquidation-fee', liquidationFee, 'account'),
  ].filter(({ values }) => values.length > 0)
}

function cellOf(labels: Readonly<Record<string, string>>, axes: readonly Axis[]): SweepCell {
  const given = (option: Axis['option']): [string, string][] =>
    axes
      .filter((axis) => axis.option === option)
      .map(({ name }): [string, string] => [name, labels[name]!])
  const account = Object.fromEntries(given('account'))
  const venue = new Map(given('venue'))
  const one = (name: string): readonly string[] => {
    const value = venue.get(name)
    return value === undefined ? [] : [value]
  }
  return {
    venue: {
      latency: [latencyText(labels['latency']!)],
      queue: labels['queue']!,
      exchange: labels['exchange']!,
      fees: one('fees'),
      feedDelay: one('feed-delay'),
      rateLimit: [...venue].flatMap(([name, value]) =>
        name.startsWith('rate-limit') ? [value] : [],
      ),
      rules: one('rules'),
      funding: one('funding'),
    },
    account: {
      ...(account['leverage'] === undefined ? {} : { leverage: account['leverage'] }),
      ...(account['margin'] === undefined ? {} : { margin: account['margin'] }),
      ...(account['liquidation-fee'] === undefined
        ? {}
        : { liquidationFee: account['liquidation-fee'] }),
    },
    settings: given('set').map(([name, value]) => `${name}=${value}`),
    labels,
  }
}

function grid(axes: readonly Axis[]): Record<string, string>[] {
  let cells: Record<string, string>[] = [{}]
  for (const { name, values } of axes) {
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })))
  }
  return cells
}

/** One value stands for both ways; `1ms/2ms` for the way there and the way back. */
function latencyText(value: string): string {
  if (value.startsWith('recorded:')) return value
  const slash = value.indexOf('/')
  return slash < 0 ? `${value},${value}` : `${value.slice(0, slash)},${value.slice(slash + 1)}`
}

/** Splits at commas outside of brackets. */
function listOf(option: string, text: string): readonly string[] {
  const values: string[] = []
  let depth = 0
  let begin = 0
  for (let i = 0; i <= text.length; i++) {
    const character = text[i]
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (i === text.length || (character === ',' && depth === 0)) {
      values.push(text.slice(begin, i).trim())
      begin = i + 1
    }
  }
  return checked(option, values)
}

function checked(option: string, values: readonly string[]): readonly string[] {
  for (const [i, value] of values.entries()) {
    if (value.trim() === '') throw refusal(`${option} has an empty value, number ${i + 1}`)
    if (values.indexOf(value) !== i) throw refusal(`${option} has the value "${value}" twice`)
  }
  return values
}

function settingAxis(text: string): Axis {
  const equals = text.indexOf('=')
  if (equals <= 0) throw refusal(`--set "${text}" is not of the form name=value,value`)
  const name = text.slice(0, equals)
  if (ALWAYS.has(name)) {
    throw refusal(`--set "${name}" is an option of its own: --${name}`)
  }
  const values = listOf(`--set ${name}`, text.slice(equals + 1))
  return {
    name,
    values: values.flatMap((value) => rangeOf(name, value) ?? [value]),
    option: 'set',
  }
}

/** The values of `FIRST:LAST:STEP`, LAST included where a step meets it; undefined for other texts. */
function rangeOf(name: string, text: string): string[] | undefined {
  if (!/^-?[\d.]+:-?[\d.]+:[\d.]+$/.test(text)) return undefined
  const [first, last, step] = text.split(':').map((part) => parseDecimal(part))
  // Whole numbers of the finest decimal place: sums of doubles would miss the last value.
  const scale = Math.max(first!.scale, last!.scale, step!.scale)
  const [from, to, by] = [first!, last!, step!].map((decimal) => mantissaAt(decimal, scale))
  if (by! <= 0 || from! > to!) {
    throw refusal(`--set ${name} "${text}" is not FIRST:LAST:STEP with FIRST <= LAST and STEP > 0`)
  }
  if ((to! - from!) / by! > CELLS_MAX) {
    throw refusal(`--set ${name} "${text}" has more than ${CELLS_MAX} values`)
  }
  const values: string[] = []
  for (let at = from!; at <= to!; at += by!) {
    values.push(String(decimalToNumber({ mantissa: at, scale })))
  }
  return values
}

function refusal(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
