/** What a sweep found: its axes, its runs, and where profit turns into loss. */
import { durationNs } from '../../time/index.ts'

/** One run of a sweep. Money in the settlement currency. */
export interface SweepRow {
  /** The value of each axis, as it was asked for. */
  readonly params: Readonly<Record<string, string>>
  readonly runHash: string
  readonly net: number
  /** Fees paid, negative where rebates exceed them. */
  readonly fees: number
  readonly sharpe: number | null
  readonly maxDrawdown: number
  readonly makerShare: number | null
  readonly orders: number
  readonly fills: number
  /** Signed position at the end. */
  readonly position: number
  /** Wall seconds of the run. */
  readonly seconds: number
}

/** An axis: its values in the order in which they were asked for. */
export interface SweepAxis {
  readonly name: string
  readonly values: readonly string[]
  /** What the values measure, where all are numbers: ns of latency one way, or a parameter. */
  readonly numbers: readonly number[] | undefined
}

/** A whole sweep. */
export interface SweepResult {
  readonly strategy: string
  readonly symbol: string
  readonly venue: string
  readonly settlement: string
  readonly seed: number
  readonly source: string
  readonly rows: readonly SweepRow[]
}

/** Returns the axes of a sweep; those with one value too. */
export function sweepAxes(rows: readonly SweepRow[]): SweepAxis[] {
  const names = Object.keys(rows[0]?.params ?? {})
  return names.map((name) => {
    const values = [...new Set(rows.map(({ params }) => params[name]!))]
    const numbers = values.map(name === 'latency' ? latencyNs : plainNumber)
    return { name, values, numbers: numbers.some(Number.isNaN) ? undefined : numbers }
  })
}

/** ns one way, the mean of both where they differ; NaN where it is no constant. */
function latencyNs(text: string): number {
  try {
    const ways = text.split('/').map((way) => durationNs(way))
    return ways.reduce((sum, ns) => sum + ns, 0) / ways.length
  } catch {
    return Number.NaN
  }
}

function plainNumber(text: string): number {
  return /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
}

/** Rows along one axis, the others held. */
export interface SweepLine {
  /** The value of the second axis that this line is of; empty where there is one line only. */
  readonly label: string
  /** In order of the axis' values; a value whose run is missing is left out. */
  readonly points: readonly { readonly value: string; readonly row: SweepRow }[]
}

/**
 * Returns the lines along `axis`: one for each value of the axis `by`, all others held at the first
 * of their values.
 */
export function linesAlong(
  rows: readonly SweepRow[],
  axes: readonly SweepAxis[],
  axis: SweepAxis,
  by: SweepAxis | undefined,
): SweepLine[] {
  const held = axes.filter((other) => other !== axis && other !== by)
  const isHeld = ({ params }: SweepRow): boolean =>
    held.every(({ name, values }) => params[name] === values[0])
  return (by?.values ?? ['']).map((label) => ({
    label,
    points: axis.values.flatMap((value) => {
      const row = rows.find(
        (one) =>
          one.params[axis.name] === value &&
          (by === undefined || one.params[by.name] === label) &&
          isHeld(one),
      )
      return row === undefined ? [] : [{ value, row }]
    }),
  }))
}

/** Where net profit passes zero along an axis of numbers. */
export interface BreakEven {
  /** Positions of every change of sign, by straight lines between the runs, in rising order. */
  readonly at: readonly number[]
  /** Sign of the profit at the least value, 0 where nothing was earned or lost. */
  readonly first: number
}

/** Returns where the net profit of a line changes its sign; `numbers` are those of its axis. */
export function breakEven(line: SweepLine, axis: SweepAxis): BreakEven {
  const { values, numbers } = axis
  const points = line.points
    .map(({ value, row }) => ({ x: numbers![values.indexOf(value)]!, net: row.net }))
    .sort((a, b) => a.x - b.x)
  const at: number[] = []
  for (const [i, { x, net }] of points.slice(1).entries()) {
    const before = points[i]!
    const isPassed = before.net > 0 !== net > 0 && before.net !== net
    if (isPassed) at.push(before.x + ((x - before.x) * before.net) / (before.net - net))
  }
  return { at, first: Math.sign(points[0]?.net ?? 0) }
}
