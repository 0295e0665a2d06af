/** Pictures of how far forecasts can be trusted, as SVG that needs nothing else. */
import type { Reliability } from '../venue/index.ts'
import { html, type Html } from './html.ts'
import { groupedText } from './number-text.ts'
import { linearScale, px } from './svg-axes.ts'

/** One panel: whose forecasts they are, and what came of them. */
export interface ReliabilityPanel {
  readonly name: string
  readonly reliability: Reliability
}

const SIDE = 220
const LEFT = 58
const TOP = 44
const GAP = 24
const BOTTOM = 46
const PER_ROW = 3
/** Area of the point of a bin that holds every forecast, square pixels. */
const AREA_MAX = 900
/** Smallest radius at which a point is still seen. */
const RADIUS_MIN = 2

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .name { font-weight: 600 }
  .grid { stroke: #ddd }
  .even { stroke: #888; stroke-dasharray: 4 3 }
  .range { stroke: #1f6feb; stroke-width: 1.5 }
  .point { fill: #1f6feb; fill-opacity: 0.75 }
`

/**
 * Draws what was foretold against what happened, a panel each: points on the dashed line are
 * forecasts to be trusted, those below promised too much. The area of a point is the share of forecasts
 * in its bin, the bar its 95 % interval.
 *
 * @returns a whole SVG document
 */
export function reliabilityFigure(panels: readonly ReliabilityPanel[]): string {
  const columns = Math.min(PER_ROW, panels.length)
  const rows = Math.ceil(panels.length / PER_ROW)
  const width = columns * (SIDE + LEFT + GAP)
  const height = rows * (SIDE + TOP + BOTTOM)
  const body = panels.map((panel, i) => {
    const x = (i % PER_ROW) * (SIDE + LEFT + GAP) + LEFT
    const y = Math.floor(i / PER_ROW) * (SIDE + TOP + BOTTOM) + TOP
    return html`<g transform="translate(${x} ${y})">${panelHtml(panel)}</g>`
  })
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Share of orders filled against the foretold probability: ${panels.map(({ name }) => name).join(', ')}"
  >
    <style>
      ${STYLE}
    </style>
    <rect width="${width}" height="${height}" fill="#fff" />
    ${body}
  </svg>`.text
}

function panelHtml({ name, reliability }: ReliabilityPanel): Html {
  const x = linearScale(0, 1, 0, SIDE)
  const y = linearScale(0, 1, SIDE, 0)
  const marks = [0, 0.25, 0.5, 0.75, 1].map(
    (at) =>
      html`<line class="grid" x1="0" x2="${SIDE}" y1="${px(y.at(at))}" y2="${px(y.at(at))}" />
        <line class="grid" y1="0" y2="${SIDE}" x1="${px(x.at(at))}" x2="${px(x.at(at))}" />
        <text x="-6" y="${px(y.at(at))}" dy="4" text-anchor="end">${at * 100}%</text>
        <text x="${px(x.at(at))}" y="${SIDE + 16}" text-anchor="middle">${at * 100}%</text>`,
  )
  const points = reliability.bins
    .filter(({ count }) => count > 0)
    .map(({ foretold, happened, low, high, count }) => {
      const radius = Math.sqrt((AREA_MAX * count) / reliability.count / Math.PI)
      return html`<g
        ><title>
          foretold ${(foretold * 100).toFixed(1)}%, happened ${(happened * 100).toFixed(1)}%
          (${(low * 100).toFixed(1)}% to ${(high * 100).toFixed(1)}%) of ${groupedText(count, 0)}
        </title>
        <line
          class="range"
          x1="${px(x.at(foretold))}"
          x2="${px(x.at(foretold))}"
          y1="${px(y.at(low))}"
          y2="${px(y.at(high))}"
        />
        <circle
          class="point"
          cx="${px(x.at(foretold))}"
          cy="${px(y.at(happened))}"
          r="${px(Math.max(RADIUS_MIN, radius))}"
        />
      </g>`
    })
  return html`<text class="name" x="0" y="-24">${name}</text>
    <text x="0" y="-9">Brier ${reliability.brier.toFixed(4)}</text>
    ${marks}
    <line class="even" x1="0" y1="${SIDE}" x2="${SIDE}" y2="0" />
    ${points}
    <text x="${SIDE / 2}" y="${SIDE + 34}" text-anchor="middle">foretold</text>
    <text transform="translate(${-LEFT + 12} ${SIDE / 2}) rotate(-90)" text-anchor="middle"
      >happened</text
    >`
}
