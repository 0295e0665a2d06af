/** The charts over time. */
import { decimalsFor, groupedText, plainText } from '../src/report/number-text.ts'
import type { RunData } from './data.ts'
import { element, find } from './dom.ts'
import type { FillTexts } from './fill-texts.ts'
import { FillsLayer } from './fills-layer.ts'
import { addKeys, addPointers } from './gestures.ts'
import { drawRamp } from './heatmap-colors.ts'
import { HeatmapLayer, type Depth } from './heatmap-layer.ts'
import { Legend, type LegendEntry } from './legend.ts'
import { QuotesLayer } from './quotes-layer.ts'
import type { ColorName } from './theme.ts'
import {
  TimeChart,
  type ChartContext,
  type ChartSeries,
  type TimeChartOptions,
} from './time-chart.ts'

/** What the charts offer to the rest of the page. */
export interface Charts {
  /** Points a fill out in every chart. */
  select(row: number): void
}

/** Draws all charts over time. */
export function drawCharts(context: ChartContext, data: RunData, texts: FillTexts): Charts {
  drawEquity(context, data)
  // Prices of several instruments have no axis in common; each has a page of its own.
  const hasPrice = document.querySelector('[data-chart="price"]') !== null
  const layers = hasPrice ? [drawPrice(context, data, texts)] : []
  if (hasPrice) drawInventory(context, data)
  if (data.depth !== undefined) layers.push(drawBook(context, data, { texts, depth: data.depth }))
  return {
    select(row) {
      for (const layer of layers) layer.selected = row
    },
  }
}

/** Makes a chart with its gestures in the element that the page has for it. */
function makeChart(
  context: ChartContext,
  id: string,
  options: Omit<TimeChartOptions, 'container'>,
): TimeChart {
  const container = element('div', 'plot')
  container.tabIndex = 0
  container.setAttribute('role', 'group')
  container.setAttribute('aria-label', `Chart of ${options.label}`)
  container.setAttribute('aria-describedby', 'chart-help')
  find(`[data-chart="${id}"]`).append(container)
  const chart = new TimeChart(context, { ...options, container })
  addKeys(container, context.viewport)
  addPointers(chart.plot, context.viewport)
  chart.plot.over.addEventListener('mouseleave', () => context.tooltip.hide())
  return chart
}

function makeLegend(context: ChartContext, id: string, entries: readonly LegendEntry[]): Legend {
  const legend = new Legend(find(`#${id} .legend`), entries)
  context.theme.onChange(() => legend.recolor())
  return legend
}

const colorOf =
  ({ theme }: ChartContext, name: ColorName) =>
  (): string =>
    theme.color(name)

function drawEquity(context: ChartContext, { account, page }: RunData): void {
  const decimals = Math.max(
    decimalsFor(account.equity, 7),
    decimalsFor([extent(account.equity)], 5),
  )
  const money = (value: number): string => `${groupedText(value, decimals)} ${page.settlement}`
  const gross = Float64Array.from(account.equity, (equity, i) => equity + account.fees[i]!)
  const drawdown = new Float64Array(account.length)
  let peak = Number.NEGATIVE_INFINITY
  for (let i = 0; i < account.length; i++) {
    peak = Math.max(peak, account.equity[i]!)
    drawdown[i] = account.equity[i]! - peak
  }
  const net: ChartSeries = {
    name: 'Equity',
    values: account.equity,
    color: 'accent',
    isArea: page.source === 'book',
    text: money,
  }
  const before: ChartSeries = {
    name: 'Before fees',
    values: gross,
    color: 'muted',
    isDashed: true,
    width: 1,
    text: money,
  }
  const equity = makeChart(context, 'equity', {
    label: 'equity',
    height: (width) => (width < 520 ? 190 : 250),
    groups: [{ times: account.time, series: [net, before] }],
    hasTimeAxis: false,
  })
  const falls = makeChart(context, 'equity', {
    label: 'drawdown',
    height: (width) => (width < 520 ? 110 : 130),
    groups: [
      {
        times: account.time,
        series: [{ name: 'Drawdown', values: drawdown, color: 'bad', isArea: true, text: money }],
      },
    ],
    showsZero: true,
  })
  const legend = makeLegend(context, 'equity', [
    { name: 'Equity', color: colorOf(context, 'accent'), mark: 'line' },
    {
      name: 'Before fees',
      color: colorOf(context, 'muted'),
      mark: 'dashed',
      toggle: (isShown) => equity.setShown(1, isShown),
    },
    { name: 'Drawdown', color: colorOf(context, 'bad'), mark: 'area' },
  ])
  equity.onValues(([a = '', b = '']) => {
    legend.setValue(0, a)
    legend.setValue(1, b)
  })
  falls.onValues(([a = '']) => legend.setValue(2, a))
}

function extent(values: Iterable<number>): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}

function priceSeries({ page, mids, account }: RunData): {
  readonly mid: ChartSeries
  readonly touch: readonly ChartSeries[]
  readonly own: readonly ChartSeries[]
} {
  const text = (value: number): string => groupedText(value, page.priceDecimals)
  // A mid lies between two ticks as often as on one.
  const midText = (value: number): string => groupedText(value, page.priceDecimals + 1)
  const line = (name: string, values: ChartSeries['values'], color: ColorName): ChartSeries => ({
    name,
    values,
    color,
    isStep: true,
    width: 1,
    alpha: 0.6,
    text,
  })
  const isBars = page.source === 'bars'
  return {
    mid: {
      name: isBars ? 'Close' : 'Mid',
      values: mids.mid,
      color: 'price',
      isStep: !isBars,
      width: 1.25,
      text: isBars ? text : midText,
    },
    touch: [line('Bid', account.bidPrice, 'muted'), line('Ask', account.askPrice, 'muted')],
    own: [line('Own bid', account.ownBid, 'buy'), line('Own ask', account.ownAsk, 'sell')],
  }
}

function drawPrice(context: ChartContext, data: RunData, texts: FillTexts): FillsLayer {
  const { page, mids, account } = data
  const { mid, touch, own } = priceSeries(data)
  const isBook = page.source === 'book'
  const quotes = new QuotesLayer(data.quotes, context.theme, touch[0]!.text)
  const fills = new FillsLayer({ fills: data.fills, texts, theme: context.theme }, false)
  const staleBelow = (300 * page.sampleNs) / 1e9
  const chart = makeChart(context, 'price', {
    label: 'price, own quotes and fills',
    height: (width) => (width < 520 ? 280 : 380),
    groups: [
      ...(isBook ? [{ times: account.time, series: [...touch, ...own] }] : []),
      { times: mids.time, series: [mid], isPrimary: true },
    ],
    layers: [quotes, fills],
    extentMin: page.tickSize * 8,
    // Close up, samples of the book are older than what stands beside them.
    hides: (series, shown) =>
      (own.includes(series) && quotes.isDetailed) ||
      (touch.includes(series) && shown.to - shown.from < staleBelow),
  })
  const draw = (): void => chart.refresh()
  const both = (first: number) => (isShown: boolean) => {
    chart.setShown(first, isShown)
    chart.setShown(first + 1, isShown)
  }
  const midIndex = isBook ? 4 : 0
  const color = (name: ColorName): (() => string) => colorOf(context, name)
  const ownEntry: LegendEntry = {
    name: 'Own quotes',
    color: color('buy'),
    mark: 'line',
    toggle(isShown) {
      quotes.isShown = isShown
      if (isBook) both(2)(isShown)
      draw()
    },
  }
  const legend = makeLegend(context, 'price', [
    {
      name: mid.name,
      color: color('price'),
      mark: 'line',
      toggle: (on) => chart.setShown(midIndex, on),
    },
    ...(isBook
      ? [{ name: 'Touch', color: color('muted'), mark: 'line' as const, toggle: both(0) }]
      : []),
    ...(data.quotes.length === 0 ? [] : [ownEntry]),
    ...fillEntries(context, fills, draw),
  ])
  chart.onValues((values) => {
    legend.setValue(0, values[midIndex] ?? '')
    if (isBook) legend.setValue(1, values[0] === '' ? '' : `${values[0]!} \u00D7 ${values[1]!}`)
  })
  return fills
}

function fillEntries(context: ChartContext, fills: FillsLayer, draw: () => void): LegendEntry[] {
  const toggle = (isShown: boolean): void => {
    fills.isShown = isShown
    draw()
  }
  return [
    { name: 'Bought', color: colorOf(context, 'buy'), mark: 'up', toggle },
    { name: 'Sold', color: colorOf(context, 'sell'), mark: 'down' },
  ]
}

function drawInventory(context: ChartContext, { account, page }: RunData): void {
  const text = (value: number): string => `${plainText(value, 8)} ${page.sizeUnit}`
  const chart = makeChart(context, 'inventory', {
    label: 'inventory',
    height: (width) => (width < 520 ? 150 : 180),
    groups: [
      {
        times: account.time,
        series: [
          {
            name: 'Position',
            values: account.position,
            color: 'line',
            isStep: true,
            isArea: true,
            text,
          },
        ],
      },
    ],
    showsZero: true,
  })
  const legend = makeLegend(context, 'inventory', [
    { name: 'Position', color: colorOf(context, 'line'), mark: 'area' },
  ])
  chart.onValues(([value = '']) => legend.setValue(0, value))
}

function drawBook(
  context: ChartContext,
  data: RunData,
  given: { readonly texts: FillTexts; readonly depth: Depth },
): FillsLayer {
  const { page, mids } = data
  const { mid } = priceSeries(data)
  const heatmap = new HeatmapLayer(given.depth, context.theme)
  const fills = new FillsLayer(
    { fills: data.fills, texts: given.texts, theme: context.theme },
    true,
  )
  context.theme.onChange(() => heatmap.paint())
  const chart = makeChart(context, 'book', {
    label: 'the order book',
    height: (width) => (width < 520 ? 320 : 440),
    groups: [{ times: mids.time, series: [mid] }],
    layers: [heatmap, fills],
    hasGrid: false,
    extentMin: given.depth.priceStep * 24,
  })
  const legend = makeLegend(context, 'book', [
    {
      name: 'Mid',
      color: colorOf(context, 'price'),
      mark: 'line',
      toggle: (on) => chart.setShown(0, on),
    },
    ...fillEntries(context, fills, () => chart.refresh()),
  ])
  chart.onValues(([value = '']) => legend.setValue(0, value))
  addRamp(context, heatmap, page.sizeUnit)
  return fills
}

/** Shows which colour stands for which size. */
function addRamp(context: ChartContext, heatmap: HeatmapLayer, unit: string): void {
  const { low, high } = heatmap.scale
  const strips = (['bid', 'ask'] as const).map((side) => {
    const strip = element('canvas', 'ramp')
    strip.setAttribute('role', 'img')
    strip.setAttribute('aria-label', side === 'bid' ? 'Colours of bids' : 'Colours of asks')
    const draw = (): void => drawRamp(strip, context.theme, side)
    draw()
    context.theme.onChange(draw)
    return element('span', 'ramp-side', side === 'bid' ? 'Bids' : 'Asks', strip)
  })
  find('#book .legend').append(
    element('div', 'scale', ...strips, `${plainText(low, 2)} to ${plainText(high, 2)} ${unit}`),
  )
}
