/**
 * A chart over time: uPlot for axes, scales, lines and the crosshair; what is drawn is cut down to
 * the pixels of the stretch that the viewport shows.
 */
import uPlot from 'uplot'
import { decimalsOfStep, groupedText, typeset } from '../src/report/number-text.ts'
import { SeriesGroup, type SeriesView } from './downsample.ts'
import { lastRowUntil, type Numbers } from './rows.ts'
import type { ColorName, Theme } from './theme.ts'
import { TIME_STEPS, timeLabels, timeTicks } from './time-axis.ts'
import type { RunClock } from './time-text.ts'
import type { Tooltip, TooltipRow, TooltipText } from './tooltip.ts'
import type { TimeRange, Viewport } from './viewport.ts'

/** What all charts of the page share. */
export interface ChartContext {
  readonly clock: RunClock
  readonly theme: Theme
  readonly viewport: Viewport
  readonly tooltip: Tooltip
}

/** One line of a chart. */
export interface ChartSeries {
  readonly name: string
  readonly values: Numbers
  readonly color: ColorName
  readonly isStep?: boolean
  readonly isDashed?: boolean
  /** Fills to zero. */
  readonly isArea?: boolean
  readonly width?: number
  /** 0 to 1; default 1. */
  readonly alpha?: number
  /** Text of a value, exact. */
  readonly text: (value: number) => string
}

/** Series over one column of times. */
export interface ChartGroup {
  /** Ns since the run's epoch, ascending. */
  readonly times: Numbers
  readonly series: readonly ChartSeries[]
  /** The pointer's time snaps to the rows of this group; default: the first. */
  readonly isPrimary?: boolean
}

/** Something drawn below or above the lines. */
export interface ChartLayer {
  /** Called before each draw with the stretch shown. */
  prepare?(shown: TimeRange): void
  drawBelow?(plot: uPlot): void
  drawAbove?(plot: uPlot): void
  /** Lowest and highest value that must be visible. */
  extremes?(shown: TimeRange): readonly [number, number] | undefined
  /** More lines for the tooltip, for a pointer at plot pixels. */
  tooltip?(plot: uPlot, left: number, top: number): readonly TooltipRow[]
}

/** Options of a chart. */
export interface TimeChartOptions {
  readonly container: HTMLElement
  readonly label: string
  /** Height in CSS pixels for a width. */
  readonly height: (width: number) => number
  readonly groups: readonly ChartGroup[]
  readonly layers?: readonly ChartLayer[]
  readonly hasTimeAxis?: boolean
  readonly hasGrid?: boolean
  /** Smallest extent of the value axis. */
  readonly extentMin?: number
  /** Keeps zero in sight. */
  readonly showsZero?: boolean
  /** A line of this chart is hidden while this holds: something better shows it. */
  readonly hides?: (series: ChartSeries, shown: TimeRange) => boolean
}

const SYNC = 'time'
const LABEL_HALF = 20

/** @see module comment */
export class TimeChart {
  readonly plot: uPlot
  readonly #context: ChartContext
  readonly #options: TimeChartOptions
  readonly #groups: readonly { readonly group: ChartGroup; readonly rows: SeriesGroup }[]
  readonly #series: readonly ChartSeries[]
  readonly #onValues: ((texts: readonly string[]) => void)[] = []

  constructor(context: ChartContext, options: TimeChartOptions) {
    this.#context = context
    this.#options = options
    this.#groups = options.groups.map((group) => ({
      group,
      rows: new SeriesGroup(
        Float64Array.from(group.times, (time) => time / 1e9),
        group.series.map((series) => series.values),
      ),
    }))
    this.#series = options.groups.flatMap((group) => group.series)
    const { container } = options
    this.plot = new uPlot(this.#plotOptions(), this.#data(container.clientWidth || 600), container)
    this.#describe()
    context.viewport.onChange(() => this.refresh())
    context.theme.onChange(() => this.plot.redraw(false))
    new ResizeObserver(() => this.#resize()).observe(container)
    this.#resize()
  }

  /** Calls `listener` with the text of each series under the pointer, or at the end. */
  onValues(listener: (texts: readonly string[]) => void): void {
    this.#onValues.push(listener)
    listener(this.#valuesAt(this.#context.viewport.shown.to))
  }

  /** Hides or shows a series. */
  setShown(index: number, isShown: boolean): void {
    this.plot.setSeries(index + 1, { show: isShown })
  }

  /** Draws anew what the viewport shows. */
  refresh(): void {
    const { from, to } = this.#context.viewport.shown
    const data = this.#data(this.plot.over.clientWidth)
    this.plot.batch(() => {
      this.plot.setData(data, false)
      this.plot.setScale('x', { min: from, max: to })
    })
    this.#describe(data)
  }

  #resize(): void {
    const { container, height } = this.#options
    const width = container.clientWidth
    if (width === 0) return
    if (width !== this.plot.width) this.plot.setSize({ width, height: height(width) })
    this.refresh()
  }

  /** Leaves in the page what is drawn, for tests and for assistive tools. */
  #describe(data: uPlot.AlignedData = this.plot.data): void {
    const { container } = this.#options
    const { from, to } = this.#context.viewport.shown
    container.dataset['points'] = String(data[0]!.length)
    container.dataset['from'] = String(from)
    container.dataset['to'] = String(to)
  }

  #data(width: number): uPlot.AlignedData {
    const { shown } = this.#context.viewport
    for (const layer of this.#options.layers ?? []) layer.prepare?.(shown)
    const tables = this.#groups.map(({ group, rows }) => {
      const view = rows.view(shown.from, shown.to, Math.max(100, width))
      return this.#withoutHidden(group, view)
    })
    return tables.length === 1 ? tables[0]! : uPlot.join(tables)
  }

  #withoutHidden(group: ChartGroup, view: SeriesView): uPlot.AlignedData {
    const y = view.y.map((values, i) =>
      this.#isHidden(group.series[i]!) ? values.map(() => null) : values,
    )
    return [view.x, ...y]
  }

  #isHidden(series: ChartSeries): boolean {
    return this.#options.hides?.(series, this.#context.viewport.shown) === true
  }

  #plotOptions(): uPlot.Options {
    const { theme, viewport } = this.#context
    const { container, height, layers = [] } = this.#options
    const width = container.clientWidth || 600
    return {
      width,
      height: height(width),
      legend: { show: false },
      padding: [10, 0, this.#options.hasTimeAxis === false ? 8 : 0, 0],
      scales: {
        x: { time: false, auto: false, min: viewport.shown.from, max: viewport.shown.to },
        y: { range: (_, low, high) => this.#range(low, high) },
      },
      series: [{}, ...this.#series.map((series) => this.#seriesOptions(series))],
      axes: [this.#timeAxis(), this.#valueAxis()],
      cursor: {
        // Charts share the crosshair alone: what a drag means is for the chart that is dragged.
        sync: { key: SYNC, setSeries: false, filters: { pub: (type) => /move|leave/.test(type) } },
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 5 },
        bind: {
          mousedown: (_, __, handler) => (event) => {
            // Shift-drag pans; see gestures.
            if (event.button === 0 && !event.shiftKey) handler(event)
            return null
          },
          dblclick: () => () => {
            viewport.reset()
            return null
          },
        },
      },
      hooks: {
        drawClear: [(plot) => within(plot, () => layers.forEach((l) => l.drawBelow?.(plot)))],
        draw: [(plot) => within(plot, () => layers.forEach((l) => l.drawAbove?.(plot)))],
        setSelect: [(plot) => this.#zoomToSelection(plot)],
        setCursor: [(plot) => this.#onCursor(plot)],
        ready: [(plot) => plot.over.style.setProperty('--cursor', theme.color('muted'))],
      },
    }
  }

  #seriesOptions(series: ChartSeries): uPlot.Series {
    const { theme } = this.#context
    return {
      stroke: () => theme.faded(series.color, series.alpha ?? 1),
      width: series.width ?? 1.5,
      points: { show: false },
      ...(series.isArea === true ? { fill: () => theme.faded(series.color, 0.14), fillTo: 0 } : {}),
      ...(series.isDashed === true ? { dash: [4, 3] } : {}),
      ...(series.isStep === true ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
    }
  }

  #timeAxis(): uPlot.Axis {
    const { clock, theme } = this.#context
    const isShown = this.#options.hasTimeAxis !== false
    return {
      stroke: () => theme.color('muted'),
      font: FONT,
      size: isShown ? 38 : 0,
      gap: 4,
      space: (_, __, min, max) => labelSpace(max - min),
      incrs: [...TIME_STEPS],
      splits: (_, __, min, max, step) => timeTicks(clock, min, max, step),
      values: isShown
        ? (plot, ticks, __, ___, step) => {
            // A label is centred on its tick: at the edge it would be cut.
            const first = ticks.findIndex((tick) => plot.valToPos(tick, 'x') >= LABEL_HALF)
            const cut = first < 0 ? ticks.length : first
            return [
              ...ticks.slice(0, cut).map(() => ''),
              ...timeLabels(clock, ticks.slice(cut), step),
            ]
          }
        : () => [],
      grid: this.#gridOptions(),
      ticks: { show: isShown, stroke: () => theme.color('grid'), width: 1, size: 4 },
    }
  }

  #valueAxis(): uPlot.Axis {
    const { theme } = this.#context
    return {
      side: 1,
      stroke: () => theme.color('muted'),
      font: FONT,
      size: (plot) => (plot.width < 520 ? 62 : 84),
      gap: 6,
      space: 34,
      values: (_, ticks, __, ___, step) => {
        const decimals = decimalsOfStep(step)
        return ticks.map((tick) => typeset(groupedText(tick, decimals)))
      },
      grid: this.#gridOptions(),
      ticks: { show: false },
    }
  }

  #gridOptions(): uPlot.Axis.Grid {
    const { theme } = this.#context
    return { show: this.#options.hasGrid !== false, stroke: () => theme.color('grid'), width: 1 }
  }

  #range(low: number | null, high: number | null): [number, number] {
    const { layers = [], extentMin = 0, showsZero = false } = this.#options
    const bounds = [low, high, ...(showsZero ? [0] : [])].filter((bound) => bound !== null)
    for (const layer of layers) {
      bounds.push(...(layer.extremes?.(this.#context.viewport.shown) ?? []))
    }
    if (bounds.length === 0) return [0, 1]
    const least = Math.min(...bounds)
    const most = Math.max(...bounds)
    const middle = (least + most) / 2
    const half = Math.max((most - least) * 0.56, extentMin / 2, Math.abs(middle) * 1e-9) || 0.5
    return [middle - half, middle + half]
  }

  #zoomToSelection(plot: uPlot): void {
    const { left, width } = plot.select
    if (width < 4) return
    const { viewport } = this.#context
    const from = plot.posToVal(left, 'x')
    const to = plot.posToVal(left + width, 'x')
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    viewport.show(from, to)
  }

  #onCursor(plot: uPlot): void {
    const { left = -10, top = -10, event } = plot.cursor
    const { viewport, tooltip } = this.#context
    const isOver = left >= 0
    const time = isOver ? plot.posToVal(left, 'x') : viewport.shown.to
    const texts = this.#valuesAt(time)
    for (const listener of this.#onValues) listener(texts)
    // Charts that only follow another's pointer have no event of their own.
    if (event === undefined || !plot.over.matches(':hover')) return
    if (isOver) tooltip.show(this.#tooltipAt(time, left, top), event.clientX, event.clientY)
    else tooltip.hide()
  }

  #valuesAt(time: number): string[] {
    return this.#groups.flatMap(({ group, rows }) => {
      const row = lastRowUntil(rows.times, time)
      return group.series.map((series) => (this.#isHidden(series) ? '' : valueText(series, row)))
    })
  }

  #tooltipAt(time: number, left: number, top: number): TooltipText {
    const { clock, theme } = this.#context
    const rows: TooltipRow[] = []
    let title = clock.full(Math.round(time * 1e9))
    const primary = this.#groups.find(({ group }) => group.isPrimary === true) ?? this.#groups[0]
    for (const { group, rows: series } of this.#groups) {
      const row = lastRowUntil(series.times, time)
      // The title is the exact time of a row, not that of a pixel.
      if (group === primary?.group && row >= 0) title = clock.full(group.times[row]!)
      for (const series of group.series) {
        if (this.#isHidden(series)) continue
        const value = valueText(series, row)
        rows.push({ name: series.name, value, color: theme.color(series.color) })
      }
    }
    for (const layer of this.#options.layers ?? []) {
      rows.push(...(layer.tooltip?.(this.plot, left, top) ?? []))
    }
    return { title: `${title} UTC`, rows }
  }
}

const FONT =
  '11px ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

function valueText(series: ChartSeries, row: number): string {
  const value = row < 0 ? Number.NaN : series.values[row]!
  return Number.isNaN(value) ? '\u2013' : typeset(series.text(value))
}

/** Pixels between two time labels, which grow as the stretch shrinks: `00:05`, `00:05:30.125`. */
function labelSpace(seconds: number): number {
  return seconds > 1200 ? 58 : seconds > 5 ? 70 : seconds > 0.005 ? 92 : 112
}

/** Keeps what layers draw inside the plotting area. */
function within(plot: uPlot, draw: () => void): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  draw()
  ctx.restore()
}
