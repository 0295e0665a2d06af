/** Axes for charts that are drawn once, as SVG, and need no script. */
import { formatInstant } from '../time/index.ts'
import { html, type Html } from './html.ts'
import { groupedText, typeset } from './number-text.ts'

/** How wide a chart is drawn; the page shows the one that fits its window. */
export interface ChartSize {
  /** Class that shows it. */
  readonly name: 'wide' | 'middle' | 'narrow'
  readonly width: number
}

/** Whole-row charts. */
export const ROW_SIZES: readonly ChartSize[] = [
  { name: 'wide', width: 1340 },
  { name: 'middle', width: 800 },
  { name: 'narrow', width: 350 },
]
/** Charts of which two stand in a row where there is room. */
export const HALF_SIZES: readonly ChartSize[] = [
  { name: 'wide', width: 655 },
  { name: 'middle', width: 800 },
  { name: 'narrow', width: 350 },
]

/** Where a value is drawn. */
export interface Scale {
  readonly from: number
  readonly to: number
  readonly at: (value: number) => number
}

/** Returns the scale that draws [from, to] over [start, end]. */
export function linearScale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1
  return { from, to, at: (value) => start + ((value - from) / span) * (end - start) }
}

const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600]
const DAYS = [43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000]
const TIME_STEPS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, ...SECONDS, ...DAYS].map(
  (step) => step * 1e9,
)

/** Returns a step of 1, 2 or 5 times a power of ten that gives at most `count` ticks. */
export function niceStep(span: number, count: number): number {
  const raw = span / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((one) => one * power >= raw) ?? 10
  return factor * power
}

/** Coordinates with a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/**
 * Draws the axis of time along the bottom.
 *
 * @param scale in ns since `epochNs`
 */
export function timeAxis(
  scale: Scale,
  epochNs: bigint,
  box: { top: number; bottom: number },
): Html {
  const span = scale.to - scale.from
  const room = Math.max(3, Math.floor((scale.at(scale.to) - scale.at(scale.from)) / 95))
  const step = TIME_STEPS.find((one) => span / one <= room) ?? TIME_STEPS.at(-1)!
  const marks: Html[] = []
  for (let time = Math.ceil(scale.from / step) * step; time <= scale.to; time += step) {
    const x = px(scale.at(time))
    marks.push(
      html`<line class="grid" x1="${x}" x2="${x}" y1="${box.top}" y2="${box.bottom}" />
        <text class="tick" x="${x}" y="${box.bottom + 16}" text-anchor="middle">
          ${timeText(epochNs + BigInt(Math.round(time)), step)}
        </text>`,
    )
  }
  return html`${marks}`
}

function timeText(unixNs: bigint, step: number): string {
  const text = formatInstant(unixNs)
  if (step >= 86_400e9) return text.slice(5, 10)
  if (step >= 60e9) return text.slice(11, 16)
  if (step >= 1e9) return text.slice(11, 19)
  return text.slice(17, 26)
}

/** Draws the axis of values along the left. */
export function valueAxis(
  scale: Scale,
  box: { readonly left: number; readonly right: number },
  text: (value: number) => string,
): Html {
  const step = niceStep(scale.to - scale.from, 5)
  const marks: Html[] = []
  for (let i = Math.ceil(scale.from / step); i * step <= scale.to; i++) {
    const y = px(scale.at(i * step))
    marks.push(
      html`<line class="grid" x1="${box.left}" x2="${box.right}" y1="${y}" y2="${y}" />
        <text class="tick" x="${box.left - 7}" y="${y}" dy="4" text-anchor="end">
          ${text(i * step)}
        </text>`,
    )
  }
  return html`${marks}`
}

/** Draws an axis of numbers along the bottom; the texts of `text` are about 80 pixels wide. */
export function bottomAxis(
  scale: Scale,
  box: { readonly top: number; readonly bottom: number },
  text: (value: number) => string,
): Html {
  const room = Math.max(2, Math.floor((scale.at(scale.to) - scale.at(scale.from)) / 90))
  const step = niceStep(scale.to - scale.from, room)
  const values: number[] = []
  for (let i = Math.ceil(scale.from / step); i * step <= scale.to; i++) values.push(i * step)
  return bottomMarks(scale, box, values, text)
}

/** Draws chosen values along the bottom. */
export function bottomMarks(
  scale: Scale,
  box: { readonly top: number; readonly bottom: number },
  values: readonly number[],
  text: (value: number) => string,
): Html {
  const marks = values.map((value) => {
    const x = px(scale.at(value))
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${box.top}" y2="${box.bottom}" />
      <text class="tick" x="${x}" y="${box.bottom + 16}" text-anchor="middle">
        ${typeset(text(value))}
      </text>`
  })
  return html`${marks}`
}

/** A count for an axis: `1.5k`. */
export function countText(value: number): string {
  if (value >= 1e6) return `${groupedText(value / 1e6, 1).replace(/\.0$/, '')}M`
  if (value >= 1e4) return `${groupedText(value / 1e3, 1).replace(/\.0$/, '')}k`
  return groupedText(value, value < 10 && value % 1 !== 0 ? 1 : 0)
}

/** Puts a chart into its frame, once for each size. */
export function chartHtml(
  sizes: readonly ChartSize[],
  label: string,
  draw: (width: number) => { readonly height: number; readonly body: Html },
): Html {
  return html`${sizes.map(({ name, width }) => {
    const { height, body } = draw(width)
    return html`<svg
      class="drawing ${name}"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${label}"
    >
      ${body}
    </svg>`
  })}`
}
