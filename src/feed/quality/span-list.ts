/** Stretches of time in which something was so: all are counted, a thousand are kept. */

/** Spans to keep; the count, total and longest go on. */
const SPANS_KEPT = 1000

/** One stretch, ns since the epoch of the meter. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Spans of one kind. */
export class SpanList {
  count = 0
  totalNs = 0
  longestNs = 0
  readonly #keepsLongest: boolean
  readonly #kept: Span[] = []
  #from = Number.NaN

  /** @param keeps which ones, when there are too many */
  constructor(keeps: 'first' | 'longest' = 'first') {
    this.#keepsLongest = keeps === 'longest'
  }

  /** A thousand at most, in order of time. */
  get kept(): readonly Span[] {
    return this.#keepsLongest ? this.#kept.toSorted((a, b) => a.from - b.from) : this.#kept
  }

  /** True while a span is open. */
  get isOpen(): boolean {
    return !Number.isNaN(this.#from)
  }

  /** Opens a span, unless one is open. */
  begin(time: number): void {
    if (Number.isNaN(this.#from)) this.#from = time
  }

  /** Closes the open span, if there is one. */
  end(time: number): void {
    const from = this.#from
    if (Number.isNaN(from)) return
    this.#from = Number.NaN
    this.add(from, time)
  }

  /** Counts a whole span. */
  add(from: number, to: number): void {
    this.count++
    this.totalNs += to - from
    if (to - from > this.longestNs) this.longestNs = to - from
    if (this.#kept.length < SPANS_KEPT) this.#kept.push({ from, to })
    else if (this.#keepsLongest) this.#replaceShortest(from, to)
  }

  #replaceShortest(from: number, to: number): void {
    let shortest = 0
    for (let i = 1; i < this.#kept.length; i++) {
      if (lengthOf(this.#kept[i]!) < lengthOf(this.#kept[shortest]!)) shortest = i
    }
    if (to - from > lengthOf(this.#kept[shortest]!)) this.#kept[shortest] = { from, to }
  }
}

const lengthOf = ({ from, to }: Span): number => to - from
