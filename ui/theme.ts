/** Colours of the page, as its style sheet gives them, for canvases. */

const NAMES = [
  'text',
  'muted',
  'grid',
  'line',
  'fill',
  'price',
  'buy',
  'sell',
  'good',
  'bad',
  'accent',
  'surface',
  'bid-0',
  'bid-1',
  'bid-2',
  'ask-0',
  'ask-1',
  'ask-2',
] as const

/** Name of a colour: the style sheet has it as `--name`. */
export type ColorName = (typeof NAMES)[number]

/** Colours as CSS text; always those of the theme that is shown. */
export class Theme {
  readonly #colors = new Map<ColorName, string>()
  readonly #listeners: (() => void)[] = []
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  #chosen: 'light' | 'dark' | undefined

  constructor() {
    this.#read()
    this.#dark.addEventListener('change', () => this.#apply())
  }

  /** True while dark colours are shown. */
  get isDark(): boolean {
    return (this.#chosen ?? (this.#dark.matches ? 'dark' : 'light')) === 'dark'
  }

  /** Calls `listener` after each change of theme. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Shows light or dark colours; undefined follows the system. */
  choose(theme: 'light' | 'dark' | undefined): void {
    this.#chosen = theme
    this.#apply()
  }

  /** Returns a colour as CSS text. */
  color(name: ColorName): string {
    return this.#colors.get(name)!
  }

  /** Returns a colour with an alpha of 0 to 1. */
  faded(name: ColorName, alpha: number): string {
    const [r, g, b] = this.rgb(name)
    return `rgb(${r} ${g} ${b} / ${alpha})`
  }

  /** Returns red, green and blue, 0 to 255. */
  rgb(name: ColorName): readonly [number, number, number] {
    const [r = 0, g = 0, b = 0] = (this.color(name).match(/[\d.]+/g) ?? []).map(Number)
    return [r, g, b]
  }

  #apply(): void {
    const root = document.documentElement
    if (this.#chosen === undefined) delete root.dataset['theme']
    else root.dataset['theme'] = this.#chosen
    this.#read()
    for (const listener of this.#listeners) listener()
  }

  #read(): void {
    // Custom properties read as they were written; a colour property reads as it is shown.
    const probe = document.createElement('span')
    document.body.append(probe)
    for (const name of NAMES) {
      probe.style.color = `var(--${name})`
      this.#colors.set(name, getComputedStyle(probe).color)
    }
    probe.remove()
  }
}
