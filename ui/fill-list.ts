/** The list of fills: search, pages, and one fill at a time. */
import { groupedText } from '../src/report/number-text.ts'
import { button, element } from './dom.ts'
import { matchingRows } from './fill-search.ts'
import type { FillTexts } from './fill-texts.ts'

const PAGE_ROWS = 15

interface ListColumn {
  readonly heading: string
  readonly cell: (row: number) => string
  readonly isText?: boolean
  /** Left out on screens that are not wide, or only on narrow ones. */
  readonly room?: 'wide' | 'middle'
}

/** What the list tells to the rest of the page. */
export interface FillListOptions {
  readonly markoutLabel: string
  /** Fills of the run; the page may hold only the last of them. */
  readonly rowsBefore: number
  readonly onSelect: (row: number) => void
}

/** @see module comment */
export class FillList {
  readonly #texts: FillTexts
  readonly #options: FillListOptions
  readonly #columns: readonly ListColumn[]
  readonly #body = element('tbody')
  readonly #count = element('output', 'count')
  readonly #details = element('div', 'fill-details')
  #rows: readonly number[]
  #page = 0
  #selected = -1

  constructor(container: HTMLElement, texts: FillTexts, options: FillListOptions) {
    this.#texts = texts
    this.#options = options
    this.#columns = columnsOf(texts, options.markoutLabel)
    this.#rows = matchingRows(texts, '')
    this.#details.hidden = true
    container.append(this.#controls(), this.#details, this.#table())
    this.#draw()
  }

  /** Points out a fill and shows the page on which it stands. */
  select(row: number): void {
    this.#selected = row
    const place = this.#rows.indexOf(row)
    if (place >= 0) this.#page = Math.floor(place / PAGE_ROWS)
    this.#draw()
    this.#drawDetails()
    this.#options.onSelect(row)
  }

  #controls(): HTMLElement {
    const search = element('input')
    search.type = 'search'
    search.placeholder = 'Search: buy, taker, 23:58, a price, an order'
    search.setAttribute('aria-label', 'Search fills')
    search.addEventListener('input', () => {
      this.#rows = matchingRows(this.#texts, search.value)
      this.#page = 0
      this.#draw()
    })
    const turn = (label: string, name: string, page: () => number): HTMLButtonElement => {
      const made = button(label, () => {
        this.#page = Math.min(Math.max(page(), 0), this.#pageLast)
        this.#draw()
      })
      made.setAttribute('aria-label', name)
      return made
    }
    const pager = element(
      'div',
      'pager',
      this.#count,
      turn('\u00AB', 'First page', () => 0),
      turn('\u2039', 'Previous page', () => this.#page - 1),
      turn('\u203A', 'Next page', () => this.#page + 1),
      turn('\u00BB', 'Last page', () => this.#pageLast),
    )
    return element('div', 'controls', search, pager)
  }

  get #pageLast(): number {
    return Math.max(0, Math.ceil(this.#rows.length / PAGE_ROWS) - 1)
  }

  #table(): HTMLElement {
    const headings = this.#columns.map((column) => {
      const made = element('th', classOf(column), column.heading)
      made.scope = 'col'
      return made
    })
    const table = element(
      'table',
      'fills',
      element('thead', '', element('tr', '', ...headings)),
      this.#body,
    )
    const scroll = element('div', 'scroll', table)
    scroll.tabIndex = 0
    scroll.setAttribute('role', 'region')
    scroll.setAttribute('aria-label', 'Fills')
    return scroll
  }

  #draw(): void {
    const from = this.#page * PAGE_ROWS
    const rows = this.#rows.slice(from, from + PAGE_ROWS)
    this.#body.replaceChildren(...rows.map((row) => this.#line(row)))
    const total = this.#rows.length
    const kept = this.#texts.fills.length
    const missing =
      kept < this.#options.rowsBefore
        ? ` (the last ${groupedText(kept, 0)} of ${groupedText(this.#options.rowsBefore, 0)}; all are in fills.csv)`
        : ''
    this.#count.textContent =
      total === 0
        ? 'No fill matches'
        : `${groupedText(from + 1, 0)} to ${groupedText(from + rows.length, 0)} of ${groupedText(total, 0)}${missing}`
  }

  #line(row: number): HTMLElement {
    const cells = this.#columns.map((column, i) => {
      const text = column.cell(row)
      const cell = element('td', classOf(column))
      if (i > 0) cell.textContent = text
      else {
        const open = button('', () => this.select(row))
        open.append(...timeParts(text))
        cell.append(open)
      }
      if (column.heading === 'Side') cell.classList.add(this.#texts.side(row))
      return cell
    })
    const line = element('tr', '', ...cells)
    line.setAttribute('aria-selected', String(row === this.#selected))
    line.addEventListener('click', (event) => {
      if (!(event.target instanceof HTMLButtonElement)) this.select(row)
    })
    return line
  }

  #drawDetails(): void {
    const row = this.#selected
    const step = (by: number): void => {
      const next = row + by
      if (next >= 0 && next < this.#texts.fills.length) this.select(next)
    }
    const items = this.#texts
      .details(row)
      .map(({ name, value }) =>
        element('div', '', element('dt', '', name), element('dd', '', value)),
      )
    this.#details.hidden = false
    this.#details.replaceChildren(
      element('dl', '', ...items),
      element(
        'div',
        'pager',
        button('\u2039 Earlier fill', () => step(-1)),
        button('Later fill \u203A', () => step(1)),
      ),
    )
  }
}

function columnsOf(texts: FillTexts, markoutLabel: string): readonly ListColumn[] {
  return [
    { heading: 'Time (UTC)', cell: (row) => texts.fullTime(row), isText: true },
    ...(texts.hasInstruments
      ? [{ heading: 'Instrument', cell: (row: number) => texts.instrument(row), isText: true }]
      : []),
    { heading: 'Side', cell: (row) => texts.side(row), isText: true },
    { heading: 'Liquidity', cell: (row) => texts.liquidity(row), isText: true, room: 'middle' },
    { heading: 'Price', cell: (row) => texts.price(row) },
    { heading: 'Size', cell: (row) => texts.size(row) },
    { heading: 'Position', cell: (row) => texts.position(row) },
    { heading: 'Fee', cell: (row) => texts.fee(row), room: 'wide' },
    { heading: 'Queue ahead', cell: (row) => texts.queueAhead(row), room: 'wide' },
    { heading: 'Touch', cell: (row) => texts.touch(row), room: 'wide' },
    { heading: `Markout ${markoutLabel}`, cell: (row) => texts.markout(row), room: 'middle' },
    { heading: 'Order', cell: (row) => String(texts.fills.orderId[row]!), room: 'wide' },
  ]
}

function classOf(column: ListColumn): string {
  return [column.isText === true ? 'text' : '', column.room ?? ''].join(' ').trim()
}

/** Splits an exact time so that narrow screens can leave out the date and what is below 1 ms. */
function timeParts(text: string): (Node | string)[] {
  return [
    element('span', 'wide', text.slice(0, 11)),
    text.slice(11, 23),
    element('span', 'wide', text.slice(23)),
  ]
}
