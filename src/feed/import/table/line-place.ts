/** Where the row at hand stands, shared by all that read it. */
import type { DataPlace } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'

/** File and line of the row at hand. */
export class LinePlace {
  file = ''
  line = 0

  /** Returns the place, of a field where one is named. */
  of(field?: string, value?: string): DataPlace {
    const { file, line } = this
    if (field === undefined) return { file, line }
    return value === undefined ? { file, line, field } : { file, line, field, value: cut(value) }
  }

  /** Returns the end of a sentence that says where something else stands. */
  text(): string {
    return `${this.file} line ${this.line}`
  }
}

function cut(value: string): string {
  return value.length > 60 ? shownText(value).slice(1, -1) : value
}
