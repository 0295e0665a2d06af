/** The charts of a data-quality page. */
import type { LatencyQuality, SymbolFacts, SymbolQuality, TimeSpans } from '../../feed/index.ts'
import { formatInstant } from '../../time/index.ts'
import { html, type Html } from '../html.ts'
import { groupedText, spanText, typeset } from '../number-text.ts'
import {
  HALF_SIZES,
  ROW_SIZES,
  bottomAxis,
  chartHtml,
  countText,
  linearScale,
  px,
  timeAxis,
  valueAxis,
  type Scale,
} from '../svg-axes.ts'

const LANE = 26
const RIGHT = 14
const LEFT = 78
/** A span is drawn at least this wide, or nobody would see it. */
const MARK_MIN = 2.5
/** Bars of the chart of messages. */
const RATE_BARS = 120

/** Draws when the book was stale, crossed, locked, halted, and when nothing came. */
export function spansChart({ facts }: SymbolQuality): Html {
  const lanes: readonly (readonly [string, string, TimeSpans])[] = [
    ['Stale', 'stale', facts.staleSpans],
    ['Crossed', 'crossed', facts.crossedSpans],
    ['Locked', 'locked', facts.lockedSpans],
    ['Halted', 'halted', facts.haltedSpans],
    ['Quiet', 'quiet', facts.quietSpans],
  ]
  const label = lanes
    .map(([name, , { count, totalNs }]) => `${name}: ${count} spans, ${spanText(totalNs)}`)
    .join('; ')
  return chartHtml(ROW_SIZES, `Spans through time. ${label}`, (width) => {
    const scale = timeScale(facts, LEFT, width - RIGHT)
    const bottom = 6 + lanes.length * LANE
    const body = html`${timeAxis(scale, facts.epochNs, { top: 4, bottom })}
    ${lanes.map(([name, kind, spans], i) => laneHtml({ name, kind, spans, y: 6 + i * LANE }, scale, facts))}`
    return { height: bottom + 24, body }
  })
}

interface Lane {
  readonly name: string
  readonly kind: string
  readonly spans: TimeSpans
  readonly y: number
}

function laneHtml({ name, kind, spans, y }: Lane, scale: Scale, facts: SymbolFacts): Html {
  const start = scale.at(scale.from)
  const width = scale.at(scale.to) - start
  const marks = spans.list.map(({ fromNs, toNs }) => {
    const x = scale.at(Number(fromNs - facts.epochNs))
    const end = scale.at(Number(toNs - facts.epochNs))
    return html`<rect
      class="${kind}"
      x="${px(Math.min(x, start + width - MARK_MIN))}"
      y="${y + 5}"
      width="${px(Math.max(MARK_MIN, end - x))}"
      height="${LANE - 10}"
      ><title>${name} ${formatInstant(fromNs)} for ${spanText(Number(toNs - fromNs))}</title></rect
    >`
  })
  return html`<rect
      class="lane"
      x="${px(start)}"
      y="${y + 5}"
      width="${px(width)}"
      height="${LANE - 10}"
    />
    <text class="lane-name" x="${LEFT - 10}" y="${y + LANE / 2}" dy="4" text-anchor="end">
      ${name}
    </text>
    ${marks}`
}

/** Draws least and mean latency through time. */
export function latencyChart(facts: SymbolFacts, latency: LatencyQuality): Html {
  const { windows } = latency
  const top = Math.max(latency.p90, ...windows.map(({ mean }) => mean))
  const low = Math.min(latency.min, latency.min < 0 ? latency.min : 0)
  const label = `Feed latency through time: least ${spanText(latency.min)}, median ${spanText(latency.p50)}, 99th percentile ${spanText(latency.p99)}`
  // Windows may be many more than the pixels of a page.
  const shown = thinned(windows, 400)
  return chartHtml(ROW_SIZES, label, (width) => {
    const bottom = 230
    const x = timeScale(facts, LEFT, width - RIGHT)
    const margin = (top - latency.min) * 0.06
    const from = top - latency.min < 0.25 * (top - low) ? latency.min - margin : low
    const y = linearScale(from, top + margin, bottom, 8)
    const line = (value: (window: (typeof shown)[number]) => number): string =>
      shown
        .map(
          (window) => `${px(x.at(window.time))},${px(y.at(Math.min(top + margin, value(window))))}`,
        )
        .join(' ')
    const body = html`${timeAxis(x, facts.epochNs, { top: 8, bottom })}
      ${valueAxis(y, { left: LEFT, right: width - RIGHT }, (ns) => typeset(spanText(ns)))}
      <polyline class="mean" points="${line(({ mean }) => mean)}" />
      <polyline class="least" points="${line(({ min }) => min)}" />`
    return { height: bottom + 24, body }
  })
}

function thinned(
  windows: LatencyQuality['windows'],
  count: number,
): readonly { time: number; min: number; mean: number }[] {
  const size = Math.max(1, Math.ceil(windows.length / count))
  const shown: { time: number; min: number; mean: number }[] = []
  for (let i = 0; i < windows.length; i += size) {
    const group = windows.slice(i, i + size)
    const messages = group.reduce((sum, window) => sum + window.count, 0)
    shown.push({
      time: group[0]!.time,
      min: Math.min(...group.map(({ min }) => min)),
      mean: group.reduce((sum, window) => sum + window.mean * window.count, 0) / messages,
    })
  }
  return shown
}

/** Draws how often each latency occurs, up to its 99.5th percentile. */
export function distributionChart(latency: LatencyQuality): Html {
  const { bins, binsFrom, binsTo, p50, p99 } = latency
  const most = Math.max(...bins, 1)
  const label = `Distribution of feed latency: median ${spanText(p50)}, 99th percentile ${spanText(p99)}`
  return chartHtml(HALF_SIZES, label, (width) => {
    const bottom = 190
    const left = 58
    const x = linearScale(binsFrom, binsTo, left, width - RIGHT)
    const y = linearScale(0, most * 1.05, bottom, 8)
    const step = (binsTo - binsFrom) / bins.length
    const bars = bins.map((count, i) => {
      const from = binsFrom + i * step
      return bar(
        x.at(from),
        x.at(from + step),
        y.at(count),
        bottom,
        `${spanText(from)}: ${groupedText(count, 0)} messages`,
      )
    })
    const mark = (value: number, name: string): Html =>
      value > binsTo
        ? html``
        : html`<line
              class="quantile"
              x1="${px(x.at(value))}"
              x2="${px(x.at(value))}"
              y1="8"
              y2="${bottom}"
            />
            <text class="tick" x="${px(x.at(value) + 4)}" y="18">${name}</text>`
    const body = html`${bottomAxis(x, { top: 8, bottom }, spanText)}
    ${valueAxis(y, { left, right: width - RIGHT }, countText)} ${bars} ${mark(p50, 'p50')}
    ${mark(p99, 'p99')}`
    return { height: bottom + 24, body }
  })
}

/** Draws how many messages came in a second. */
export function rateChart(facts: SymbolFacts, latency: LatencyQuality): Html {
  const from = Number(facts.span.fromNs - facts.epochNs)
  const to = Number(facts.span.toNs - facts.epochNs)
  // No bar may be narrower than the windows that it is made of.
  const count = Math.max(1, Math.min(RATE_BARS, Math.floor(latency.windows.length / 2)))
  const step = (to - from) / count || 1
  const rates = new Float64Array(count)
  for (const window of latency.windows) {
    const at = Math.min(count - 1, Math.max(0, Math.floor((window.time - from) / step)))
    rates[at]! += (window.count / step) * 1e9
  }
  const most = Math.max(...rates, 1e-9)
  return chartHtml(
    HALF_SIZES,
    `Messages a second through time, at most ${countText(most)}`,
    (width) => {
      const bottom = 190
      const left = 58
      const x = linearScale(from, to, left, width - RIGHT)
      const y = linearScale(0, most * 1.05, bottom, 8)
      const bars = [...rates].map((rate, i) =>
        bar(
          x.at(from + i * step),
          x.at(from + (i + 1) * step),
          y.at(rate),
          bottom,
          `${formatInstant(facts.epochNs + BigInt(Math.round(from + i * step))).slice(11, 23)}: ${groupedText(rate, 1)} messages a second`,
        ),
      )
      const body = html`${timeAxis(x, facts.epochNs, { top: 8, bottom })}
      ${valueAxis(y, { left, right: width - RIGHT }, countText)} ${bars}`
      return { height: bottom + 24, body }
    },
  )
}

function bar(from: number, to: number, top: number, bottom: number, title: string): Html {
  const gap = to - from > 4 ? 1 : 0
  return html`<rect
    class="bar-mark"
    x="${px(from)}"
    y="${px(top)}"
    width="${px(Math.max(0.5, to - from - gap))}"
    height="${px(Math.max(0, bottom - top))}"
    ><title>${title}</title></rect
  >`
}

function timeScale(facts: SymbolFacts, start: number, end: number): Scale {
  const from = Number(facts.span.fromNs - facts.epochNs)
  const to = Number(facts.span.toNs - facts.epochNs)
  return linearScale(from, Math.max(to, from + 1), start, end)
}
