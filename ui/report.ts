/** The report page: unpacks the run, draws the charts, wires the controls. */
import { spanText, typeset } from '../src/report/number-text.ts'
import { drawCharts } from './charts.ts'
import { readData, type RunData } from './data.ts'
import { element, find } from './dom.ts'
import { FillList } from './fill-list.ts'
import { FillTexts } from './fill-texts.ts'
import { MarkoutChart } from './markout-chart.ts'
import { Theme } from './theme.ts'
import { RunClock } from './time-text.ts'
import { Tooltip } from './tooltip.ts'
import { Viewport } from './viewport.ts'

function drawReport(data: RunData): void {
  const { page } = data
  const clock = new RunClock(page.epochNs)
  const theme = new Theme()
  // A run of no length still has an axis.
  const to = Math.max(page.toTime, page.fromTime + 1e6)
  const viewport = new Viewport({ from: page.fromTime / 1e9, to: to / 1e9 })
  const tooltip = new Tooltip()
  const texts = new FillTexts(data.fills, { data: page, clock, theme })
  const charts = drawCharts({ clock, theme, viewport, tooltip }, data, texts)
  drawMarkouts(data, theme, tooltip)
  drawFills(data, texts, (row) => {
    charts.select(row)
    showAround(viewport, data.fills.localTime[row]! / 1e9)
  })
  wireTools(viewport, theme, clock)
  wirePrint(theme)
  addEventListener('scroll', () => tooltip.hide(), { passive: true })
  document.documentElement.dataset['ready'] = 'true'
}

function drawMarkouts({ page, fills }: RunData, theme: Theme, tooltip: Tooltip): void {
  const container = find('[data-chart="markout"]')
  if (fills.length === 0) {
    container.append(element('p', 'empty', 'No fills, so no markout.'))
    return
  }
  const plot = element('div', 'plot')
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', 'Chart of markout by horizon')
  container.append(plot)
  const legend = find('#markout .legend')
  new MarkoutChart(plot, { markouts: page.markouts, theme, tooltip, legend })
  plot.addEventListener('mouseleave', () => tooltip.hide())
}

function drawFills(
  { page, fills }: RunData,
  texts: FillTexts,
  onSelect: (row: number) => void,
): void {
  const container = find('#fill-list')
  if (fills.length === 0) {
    container.append(element('p', 'empty', 'No fills in this run.'))
    return
  }
  new FillList(container, texts, {
    markoutLabel: page.markoutLabel,
    rowsBefore: page.fills.rowsBefore,
    onSelect,
  })
}

/** Brings a time to the middle; zooms in unless that has been done. */
function showAround(viewport: Viewport, seconds: number): void {
  const { whole, shown } = viewport
  const span = Math.min(shown.to - shown.from, Math.max((whole.to - whole.from) / 30, 10))
  viewport.show(seconds - span / 2, seconds + span / 2)
}

function wireTools(viewport: Viewport, theme: Theme, clock: RunClock): void {
  const shown = find('.bar .window')
  const zoomOut = [
    ...document.querySelectorAll<HTMLButtonElement>(
      '[data-action="zoom-out"], [data-action="reset"]',
    ),
  ]
  const tell = (): void => {
    const { from, to } = viewport.shown
    const ns = (seconds: number): number => Math.round(seconds * 1e9)
    const decimals = to - from < 0.01 ? 6 : to - from < 10 ? 3 : 0
    const isLong = to - from > 2 * 86_400
    const text = (seconds: number): string =>
      isLong ? clock.day(ns(seconds)) : clock.timeOfDay(ns(seconds), decimals)
    const span = typeset(spanText(ns(to - from)))
    shown.textContent = `${text(from)} \u2013 ${text(to)} (${span})`
    for (const tool of zoomOut) tool.disabled = !viewport.isZoomed
  }
  viewport.onChange(tell)
  tell()
  const actions: Readonly<Record<string, () => void>> = {
    'zoom-in': () => viewport.zoom(0.5),
    'zoom-out': () => viewport.zoom(2),
    reset: () => viewport.reset(),
    theme: () => theme.choose(theme.isDark ? 'light' : 'dark'),
  }
  for (const [name, act] of Object.entries(actions)) {
    find(`[data-action="${name}"]`).addEventListener('click', act)
  }
  const toggle = find('[data-action="theme"]')
  const tellTheme = (): void => toggle.setAttribute('aria-pressed', String(theme.isDark))
  theme.onChange(tellTheme)
  tellTheme()
  addLinks()
}

/** Links to the sections that this page has. */
function addLinks(): void {
  const links = [...document.querySelectorAll<HTMLElement>('main section[id]')].map((section) => {
    const link = element('a', '', find('h2', section).textContent.split(',')[0]!)
    link.href = `#${section.id}`
    return element('li', '', link)
  })
  find('.bar .links').append(...links)
}

/** Paper is light, whatever the screen is. */
function wirePrint(theme: Theme): void {
  let before: 'dark' | undefined
  addEventListener('beforeprint', () => {
    before = theme.isDark ? 'dark' : undefined
    theme.choose('light')
  })
  addEventListener('afterprint', () => theme.choose(before))
}

function tellFault(error: unknown): void {
  const fault = find('#fault')
  fault.hidden = false
  fault.textContent = `The charts could not be drawn: ${String(error)}`
  throw error
}

readData().then(drawReport).catch(tellFault)
