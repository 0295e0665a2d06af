/** The charts of a sweep: net profit along each axis. */
import { html, type Html } from '../html.ts'
import {
  decimalsFor,
  groupedText,
  moneyText,
  plainText,
  spanText,
  typeset,
} from '../number-text.ts'
import {
  HALF_SIZES,
  bottomAxis,
  bottomMarks,
  chartHtml,
  linearScale,
  niceStep,
  px,
  valueAxis,
  type Scale,
} from '../svg-axes.ts'
import { linesAlong, type SweepAxis, type SweepLine, type SweepRow } from './sweep-result.ts'

const LEFT = 74
const RIGHT = 16
const TOP = 10
const BOTTOM = 230
const LINE_ROW = 20
/** Pixels that the text of a value takes on the axis. */
const VALUE_ROOM = 54
/** Lines that can be told apart. */
const LINES_MAX = 6
/** Height of the row of one value on an axis without numbers. */
const BAND = 30

/** Net profit along one axis of the sweep. */
export interface AxisChart {
  readonly axis: SweepAxis
  readonly lines: readonly SweepLine[]
  /** What was held, for the note beside the title. */
  readonly note: string
  readonly chart: Html
}

/** Returns the charts of every axis with more than one value. */
export function axisCharts(rows: readonly SweepRow[], axes: readonly SweepAxis[]): AxisChart[] {
  const varied = axes.filter(({ values }) => values.length > 1)
  return varied.map((axis) => {
    const by = varied.find((other) => other !== axis && other.values.length <= LINES_MAX)
    const lines = linesAlong(rows, axes, axis, by)
    const held = varied.filter((other) => other !== axis && other !== by)
    const note = [
      ...(by === undefined ? [] : [`one line for each ${by.name}`]),
      ...held.map(({ name, values }) => `${name} ${values[0]!}`),
    ].join('; ')
    const chart =
      axis.numbers === undefined ? bandChart(axis, lines, rows) : lineChart(axis, lines, rows)
    return { axis, lines, note, chart }
  })
}

function netScale(rows: readonly SweepRow[], start: number, end: number): Scale {
  const nets = rows.map(({ net }) => net)
  const low = Math.min(0, ...nets)
  const high = Math.max(0, ...nets)
  const margin = (high - low) * 0.06 || 1
  return linearScale(low - margin, high + margin, start, end)
}

/** Every run as a faint dot, and a line through those whose other axes are held. */
function lineChart(axis: SweepAxis, lines: readonly SweepLine[], rows: readonly SweepRow[]): Html {
  const numbers = axis.numbers!
  const positionOf = (value: string): number => numbers[axis.values.indexOf(value)]!
  const text = axis.name === 'latency' ? spanText : (value: number) => plainText(value, 4)
  return chartHtml(HALF_SIZES, labelOf(axis, lines), (width) => {
    const x = numberScale(numbers, LEFT + 14, width - RIGHT - 14)
    const y = netScale(rows, BOTTOM, TOP)
    const at = (value: string): string => px(x.at(positionOf(value)))
    const dots = rows.map(
      ({ params, net }) =>
        html`<circle class="cell" cx="${at(params[axis.name]!)}" cy="${px(y.at(net))}" r="2.5" />`,
    )
    const drawn = lines.map(({ label, points }, i) => {
      const path = points.map(({ value, row }) => `${at(value)},${px(y.at(row.net))}`).join(' ')
      const marks = points.map(
        ({ value, row }) =>
          html`<circle class="mark" cx="${at(value)}" cy="${px(y.at(row.net))}" r="3.5">
            <title>${titleOf(axis, value, label, row)}</title>
          </circle>`,
      )
      return html`<g class="line-${i % LINES_MAX}"><polyline points="${path}" />${marks}</g>`
    })
    const body = html`${valuesAxis(x, numbers, text)}
    ${valueAxis(y, { left: LEFT, right: width - RIGHT }, axisMoney(y))} ${zeroLine(y, width)}
    ${dots} ${drawn} ${legend(lines, BOTTOM + 40)}`
    return { height: BOTTOM + 40 + legendHeight(lines), body }
  })
}

/** Equal steps for equal factors where the values span more than one power of ten. */
function numberScale(numbers: readonly number[], start: number, end: number): Scale {
  const least = Math.min(...numbers)
  const most = Math.max(...numbers)
  if (least <= 0 || most / least < 10) return linearScale(least, most, start, end)
  const scale = linearScale(Math.log(least), Math.log(most), start, end)
  return { from: least, to: most, at: (value) => scale.at(Math.log(value)) }
}

/** The values themselves along the bottom, without those that would cover one another. */
function valuesAxis(x: Scale, numbers: readonly number[], text: (value: number) => string): Html {
  const shown: number[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const value of numbers.toSorted((a, b) => a - b)) {
    if (x.at(value) < free) continue
    free = x.at(value) + VALUE_ROOM
    shown.push(value)
  }
  return bottomMarks(x, { top: TOP, bottom: BOTTOM }, shown, text)
}

/** One row for each value: every run as a faint dot, and a mark for each line. */
function bandChart(axis: SweepAxis, lines: readonly SweepLine[], rows: readonly SweepRow[]): Html {
  return chartHtml(HALF_SIZES, labelOf(axis, lines), (width) => {
    // Names of models are long, and a narrow page has little room.
    const left = Math.min(width * 0.42, 16 + 7 * Math.max(...axis.values.map((v) => v.length)))
    const x = netScale(rows, left, width - RIGHT)
    const bottom = TOP + axis.values.length * BAND
    const bands = axis.values.map((value, i) => {
      const middle = TOP + (i + 0.5) * BAND
      const dots = rows
        .filter(({ params }) => params[axis.name] === value)
        .map(
          ({ net }) => html`<circle class="cell" cx="${px(x.at(net))}" cy="${middle}" r="2.5" />`,
        )
      const marks = lines.map(({ label, points }, n) => {
        const point = points.find((one) => one.value === value)
        if (point === undefined) return html``
        return html`<circle
          class="mark line-${n % LINES_MAX}"
          cx="${px(x.at(point.row.net))}"
          cy="${middle}"
          r="4.5"
          ><title>${titleOf(axis, value, label, point.row)}</title></circle
        >`
      })
      return html`<line
          class="grid"
          x1="${px(left)}"
          x2="${width - RIGHT}"
          y1="${middle}"
          y2="${middle}"
        />
        <text class="lane-name" x="${px(left - 8)}" y="${middle}" dy="4" text-anchor="end">
          ${shortened(value, Math.floor((left - 16) / 6.6))}
        </text>
        ${dots} ${marks}`
    })
    const zero = px(x.at(0))
    const body = html`${bottomAxis(x, { top: TOP, bottom }, axisMoney(x))}
      <line class="zero" x1="${zero}" x2="${zero}" y1="${TOP}" y2="${bottom}" />
      ${bands} ${legend(lines, bottom + 40)}`
    return { height: bottom + 40 + legendHeight(lines), body }
  })
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(3, length - 1))}\u2026`
}

function zeroLine(y: Scale, width: number): Html {
  const at = px(y.at(0))
  return html`<line class="zero" x1="${LEFT}" x2="${width - RIGHT}" y1="${at}" y2="${at}" />`
}

function axisMoney(scale: Scale): (value: number) => string {
  const decimals = Math.max(0, decimalsFor([niceStep(scale.to - scale.from, 5)], 2) - 1)
  return (value) => typeset(groupedText(value, Math.min(8, decimals)))
}

function legend(lines: readonly SweepLine[], top: number): Html {
  if (lines.length < 2) return html``
  return html`${lines.map(
    ({ label }, i) =>
      html`<g class="line-${i % LINES_MAX}">
          <circle class="mark" cx="${LEFT + 4}" cy="${top + i * LINE_ROW - 4}" r="4" />
        </g>
        <text class="lane-name" x="${LEFT + 16}" y="${top + i * LINE_ROW}">${label}</text>`,
  )}`
}

function legendHeight(lines: readonly SweepLine[]): number {
  return lines.length < 2 ? 0 : lines.length * LINE_ROW
}

function titleOf(axis: SweepAxis, value: string, label: string, row: SweepRow): string {
  const line = label === '' ? '' : `, ${label}`
  return `${axis.name} ${value}${line}: net ${moneyText(row.net, 5)}, ${row.fills} fills`
}

function labelOf(axis: SweepAxis, lines: readonly SweepLine[]): string {
  const texts = lines.map(({ label, points }) => {
    const nets = points.map(({ value, row }) => `${value} ${moneyText(row.net, 4)}`).join(', ')
    return label === '' ? nets : `${label}: ${nets}`
  })
  return `Net profit against ${axis.name}. ${texts.join('; ')}`
}
