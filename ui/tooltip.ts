/** The box that follows the pointer and tells exact values. */
import { element } from './dom.ts'

/** One line of a tooltip: a name with its colour, and a value. */
export interface TooltipRow {
  readonly name: string
  readonly value: string
  readonly color?: string
}

/** What a tooltip tells. */
export interface TooltipText {
  readonly title: string
  readonly rows: readonly TooltipRow[]
}

const GAP = 14

/** One tooltip for the whole page. */
export class Tooltip {
  readonly #box = element('div', 'tooltip')

  constructor() {
    this.#box.hidden = true
    this.#box.setAttribute('role', 'status')
    document.body.append(this.#box)
  }

  /** Shows the text beside a point of the window, on the side where there is room. */
  show(text: TooltipText, clientX: number, clientY: number): void {
    const rows = text.rows.map(({ name, value, color }) => {
      const key = element('i', 'key')
      if (color !== undefined) key.style.background = color
      const term = element('dt', '', ...(color === undefined ? [] : [key]), name)
      return [term, element('dd', '', value)]
    })
    const list = element('dl', '', ...rows.flat())
    this.#box.replaceChildren(element('p', '', text.title), list)
    this.#box.hidden = false
    const { offsetWidth: width, offsetHeight: height } = this.#box
    const room = document.documentElement.clientWidth
    const left = clientX + GAP + width > room ? clientX - GAP - width : clientX + GAP
    const top = Math.min(clientY + GAP, innerHeight - height - 8)
    this.#box.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`
  }

  hide(): void {
    this.#box.hidden = true
  }
}
