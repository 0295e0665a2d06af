/** A chart of lines as an SVG document that needs nothing else: for pages of text. */
import { html, type Html } from './html.ts'
import { decimalsOfStep, groupedText } from './number-text.ts'
import { linearScale, niceStep, px, type Scale } from './svg-axes.ts'

/** One line: its name for the legend and its points, in order. */
export interface FigureLine {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Draws points for themselves, without a line through them. */
  readonly isDots?: boolean
  /** Draws the value as holding until the next point. */
  readonly isStep?: boolean
}

/** What a chart shows. */
export interface LineFigureOptions {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  readonly lines: readonly FigureLine[]
  /** Equal steps along x for equal factors; every x is above 0 then. */
  readonly isLogX?: boolean
}

const WIDTH = 720
const HEIGHT = 340
const BOX = { left: 64, right: 500, top: 44, bottom: 290 } as const
const LEGEND = { x: 516, row: 20 } as const

/** Told apart also by people who see few colours: pairs differ in lightness. */
const COLORS = ['#1c5fc9', '#e07b1f', '#0a7a5c', '#8a5bd6', '#c0392b', '#55606e', '#c9a300']

const STYLE = `
  svg { background: #fff }
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600; font-size: 14px }
  .grid { stroke: #e3e6ea }
  .axis { stroke: #9aa3ad }
  polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round }
`

/** Returns a chart of lines as an SVG document. */
export function lineFigure(options: LineFigureOptions): string {
  const { title, xTitle, yTitle, lines, isLogX = false } = options
  const points = lines.flatMap((line) => line.points)
  const x = xScale(
    points.map(([at]) => at),
    isLogX,
  )
  const y = yScale(points.map(([, value]) => value))
  const middle = (BOX.top + BOX.bottom) / 2
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    role="img"
    aria-label="${title}. ${lines.map(({ name }) => name).join(', ')}"
  >
    <style>
      ${STYLE}
    </style>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="#fff" />
    <text class="title" x="${BOX.left}" y="22">${title}</text>
    ${xMarks(x, points, isLogX)} ${yMarks(y)} ${lines.map((line, i) => lineHtml(line, i, x, y))}
    <text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${xTitle}</text>
    <text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${yTitle}</text>
  </svg>`.text
}

function xScale(values: readonly number[], isLog: boolean): Scale {
  const from = Math.min(...values)
  const to = Math.max(...values)
  if (!isLog) return linearScale(from, to, BOX.left, BOX.right)
  const log = linearScale(Math.log(from), Math.log(to), BOX.left, BOX.right)
  return { from, to, at: (value) => log.at(Math.log(value)) }
}

function yScale(values: readonly number[]): Scale {
  const low = Math.min(0, ...values)
  const high = Math.max(...values)
  const margin = (high - low) * 0.04 || 1
  return linearScale(low < 0 ? low - margin : 0, high + margin, BOX.bottom, BOX.top)
}

function xMarks(
  x: Scale,
  points: LineFigureOptions['lines'][number]['points'],
  isLog: boolean,
): Html {
  const step = niceStep(x.to - x.from || 1, 6)
  const first = Math.ceil(x.from / step)
  const count = Math.max(0, Math.floor(x.to / step) - first + 1)
  const at = isLog
    ? [...new Set(points.map(([value]) => value))].toSorted((a, b) => a - b)
    : Array.from({ length: count }, (_, i) => (first + i) * step)
  return html`${at.map((value) => {
    const position = px(x.at(value))
    return html`<line
        class="grid"
        x1="${position}"
        x2="${position}"
        y1="${BOX.top}"
        y2="${BOX.bottom}"
      />
      <text x="${position}" y="${BOX.bottom + 16}" text-anchor="middle">
        ${isLog ? String(value) : stepText(value, step)}
      </text>`
  })}`
}

function yMarks(y: Scale): Html {
  const step = niceStep(y.to - y.from, 5)
  const first = Math.ceil(y.from / step)
  const count = Math.floor(y.to / step) - first + 1
  return html`${Array.from({ length: count }, (_, i) => {
    const value = (first + i) * step
    const at = px(y.at(value))
    const kind = value === 0 ? 'axis' : 'grid'
    return html`<line class="${kind}" x1="${BOX.left}" x2="${BOX.right}" y1="${at}" y2="${at}" />
      <text x="${BOX.left - 8}" y="${at}" dy="4" text-anchor="end">${stepText(value, step)}</text>`
  })}`
}

const stepText = (value: number, step: number): string =>
  groupedText(value, Math.max(0, decimalsOfStep(step)))

function lineHtml(
  { name, points, isDots, isStep }: FigureLine,
  i: number,
  x: Scale,
  y: Scale,
): Html {
  const color = COLORS[i % COLORS.length]!
  const dash = i >= COLORS.length ? '5 3' : 'none'
  const row = BOX.top + 10 + i * LEGEND.row
  const path = points.map(([at, value], n) => {
    const here = `${px(x.at(at))},${px(y.at(value))}`
    const before = points[n - 1]
    return isStep === true && before !== undefined
      ? `${px(x.at(at))},${px(y.at(before[1]))} ${here}`
      : here
  })
  const shape =
    isDots === true
      ? points.map(
          ([at, value]) =>
            html`<circle cx="${px(x.at(at))}" cy="${px(y.at(value))}" r="3.5" fill="${color}" />`,
        )
      : html`<polyline points="${path.join(' ')}" stroke="${color}" stroke-dasharray="${dash}" />`
  return html`${shape}
    <line
      x1="${LEGEND.x}"
      x2="${LEGEND.x + 18}"
      y1="${row}"
      y2="${row}"
      stroke="${color}"
      stroke-width="3"
      stroke-dasharray="${dash}"
    />
    <text x="${LEGEND.x + 26}" y="${row}" dy="4">${name}</text>`
}
