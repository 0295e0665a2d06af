/** Counts rows that cannot be used, by kind, and keeps the first of them. */
import type { DataError, LobtraderError } from '../../core/index.ts'

/** Bad rows to name. */
const NAMED_MAX = 10

/** The bad rows of one check; give {@link refuse} to an import. */
export class BadRows {
  /** Rows left out, prices off the tick apart; what ended the reading counts as one. */
  count = 0
  /** Rows left out because their price lies off the data grid. */
  offTick = 0
  /** Counts by error code. */
  readonly kinds = new Map<string, number>()
  /** The sentences of the first ones: file, line or row, field, value. */
  readonly named: string[] = []
  /** What ended the reading before the end of the input. */
  end: LobtraderError | undefined

  /** Takes a row that is left out. */
  readonly refuse = (error: DataError): void => {
    this.kinds.set(error.code, (this.kinds.get(error.code) ?? 0) + 1)
    if (error.code === 'OFF_GRID') this.offTick++
    else this.count++
    if (this.named.length < NAMED_MAX) this.named.push(sentenceOf(error))
  }

  /** Takes what ended the reading. */
  stop(error: LobtraderError): void {
    this.end = error
    this.count++
    this.kinds.set(error.code, (this.kinds.get(error.code) ?? 0) + 1)
    this.named.push(sentenceOf(error))
  }

  /** Why these rows would bias a backtest. */
  get reasons(): readonly string[] {
    const reasons: string[] = []
    const left = this.count - (this.end === undefined ? 0 : 1)
    if (left + this.offTick > 0) {
      const rows = left + this.offTick
      const kinds = [...this.kinds].map(([code, count]) => `${count} ${code}`).join(', ')
      reasons.push(
        `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'} cannot be used (${kinds}), the first is ${this.named[0]!}: an import refuses the input, so mend or drop ${rows === 1 ? 'it' : 'them'}`,
      )
    }
    if (this.end !== undefined) {
      reasons.push(`the input cannot be read to its end: ${sentenceOf(this.end)}`)
    }
    return reasons
  }
}

function sentenceOf(error: LobtraderError): string {
  return error.message.slice(error.code.length + 2)
}
