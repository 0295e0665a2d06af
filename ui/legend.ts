/** The legend of a chart: names, colours, values under the pointer, and what to show. */
import { element } from './dom.ts'

/** What an entry of a legend looks like. */
export type LegendMark = 'line' | 'dashed' | 'area' | 'up' | 'down' | 'block'

/** An entry of a legend. */
export interface LegendEntry {
  readonly name: string
  readonly color: () => string
  readonly mark: LegendMark
  /** Hides or shows what the entry stands for. */
  readonly toggle?: (isShown: boolean) => void
}

/** Draws a legend and keeps its values and colours. */
export class Legend {
  readonly #entries: readonly LegendEntry[]
  readonly #keys: HTMLElement[] = []
  readonly #values: HTMLElement[] = []

  constructor(container: HTMLElement, entries: readonly LegendEntry[]) {
    this.#entries = entries
    for (const entry of entries) {
      const key = element('i', `key ${entry.mark}`)
      const value = element('output', 'value')
      const item = element('button', 'entry', key, element('span', '', entry.name), value)
      item.type = 'button'
      const { toggle } = entry
      if (toggle === undefined) {
        item.disabled = true
      } else {
        item.setAttribute('aria-pressed', 'true')
        item.title = `Hide or show ${entry.name.toLowerCase()}`
        item.addEventListener('click', () => {
          const isShown = item.getAttribute('aria-pressed') !== 'true'
          item.setAttribute('aria-pressed', String(isShown))
          toggle(isShown)
        })
      }
      this.#keys.push(key)
      this.#values.push(value)
      container.append(item)
    }
    this.recolor()
  }

  /** Takes the colours of the theme. */
  recolor(): void {
    for (const [i, entry] of this.#entries.entries()) {
      this.#keys[i]!.style.setProperty('--key', entry.color())
    }
  }

  /** Shows a value beside an entry. */
  setValue(index: number, text: string): void {
    const value = this.#values[index]
    if (value !== undefined && value.textContent !== text) value.textContent = text
  }
}
