/** Takes the rows of one instrument and finds out how far they can be trusted; keeps none. */
import type { DataError } from '../../core/index.ts'
import type { EventColumns, Instrument } from '../../market/index.ts'
import { badRow, rowsAreSound, type RowFault, type RowSink } from '../../store/index.ts'
import { applyRows, closeMoment, measureRows } from './measure-rows.kernel.ts'
import { StreamState, type StreamForm } from './stream-state.ts'

/** How a meter judges prices. */
export interface MeterOptions {
  /** The tick of orders holds for trades too, not only for the book. */
  readonly tradesKeepTick?: boolean
  /** The instrument's tick is the venue's own, so that no coarser one is looked for. */
  readonly isTickGiven?: boolean
  /** Takes a row that no store would take; one that is not given is thrown. */
  readonly refuse?: (error: DataError) => void
}

/** Measures rows as a sink of an import, or partition by partition from a store. */
export class QualityMeter implements RowSink {
  readonly instrument: Instrument
  readonly isTickGiven: boolean
  readonly streams = new Map<string, StreamState>()
  /** Unix ns of time 0 of all streams. */
  epochNs = 0n
  readonly #tradeStep: number
  readonly #refuse: (error: DataError) => void
  readonly #fault: RowFault = { row: -1, field: 'localTime' }

  constructor(instrument: Instrument, options: MeterOptions = {}) {
    this.instrument = instrument
    this.isTickGiven = options.isTickGiven ?? false
    this.#tradeStep = options.tradesKeepTick === true ? instrument.orderTickStep : 1
    this.#refuse =
      options.refuse ??
      ((error) => {
        throw error
      })
  }

  /** Measures all rows; one that no store would take is refused and left out. */
  append(kind: string, rows: EventColumns): void {
    this.measure(kind, rows, 0)
  }

  /** Measures rows from `first` on; those before only bring the book forward. */
  measure(kind: string, rows: EventColumns, first: number): void {
    const state = this.#stateFor(kind, rows)
    const shift = Number(rows.epochNs - this.epochNs)
    if (first > 0) applyRows(state, rows, 0, first)
    const fault = this.#fault
    let from = first
    while (from < rows.length) {
      const last = Number.isNaN(state.time) ? Number.NEGATIVE_INFINITY : state.time - shift
      const isSound = rowsAreSound(rows, from, rows.length, 0, last, fault)
      const to = isSound ? rows.length : fault.row
      measureRows(state, rows, from, to, shift)
      if (isSound) break
      this.#refuse(badRow(kind, rows, fault, state.events))
      from = to + 1
    }
  }

  /** Tells that the rows to come are of another capture: the time between is nobody's. */
  pause(): void {
    for (const state of this.streams.values()) {
      this.#close(state)
      state.time = Number.NaN
      state.lastExchTime = Number.NaN
      state.bookSeq = 0
    }
  }

  /** Ends the last moment and every open span; call it once, at the end. */
  finish(): void {
    for (const state of this.streams.values()) this.#close(state)
  }

  #close(state: StreamState): void {
    if (Number.isNaN(state.time)) return
    closeMoment(state)
    for (const spans of [state.crossed, state.locked, state.stale, state.halted]) {
      spans.end(state.time)
    }
    // Whatever holds on begins anew with the next moment.
    state.standing = 0
    state.lastTime = state.time
  }

  #stateFor(kind: string, rows: EventColumns): StreamState {
    const known = this.streams.get(kind)
    if (known !== undefined) return known
    if (this.streams.size === 0) this.epochNs = rows.epochNs
    const state = new StreamState(formOf(kind), {
      book: this.instrument.orderTickStep,
      trade: this.#tradeStep,
      from: coarseFrom(this.instrument),
    })
    this.streams.set(kind, state)
    return state
  }
}

/** Stocks of the US below one dollar may be quoted finer than in cents (Rule 612 of Reg NMS). */
function coarseFrom({ kind, quote, tickSize }: Instrument): number {
  return kind === 'equity' && quote === 'USD' ? Math.round(1 / tickSize) : Number.NEGATIVE_INFINITY
}

function formOf(kind: string): StreamForm {
  if (kind === 'l3') return 'orders'
  return kind === 'bbo' ? 'ticker' : 'levels'
}
