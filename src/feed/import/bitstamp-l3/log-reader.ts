/** Reads Bitstamp order feeds, as logs or as tables, message by message. */
import type { DataPlace } from '../../../core/index.ts'
import { DataError } from '../../../core/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import type { ImportJob } from '../import-job.ts'
import { blankMessage, readLogLine } from './log-message.ts'
import { readTableRow, tableHead, type TableHead } from './orders-table.ts'

/** How far a reader is. */
export interface LogProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly messages: number
}

/** Files in time order, read as one stream. */
export class LogReader {
  /** The message at hand. */
  readonly message = blankMessage()
  messages = 0
  readonly #files: readonly string[]
  readonly #refuse: ImportJob['refuse']
  #cursor: LineCursor | undefined
  #lastMs = 0

  constructor(files: readonly string[], refuse: ImportJob['refuse']) {
    this.#files = files
    this.#refuse = refuse
  }

  /** Where the message at hand stands. */
  readonly place = (): DataPlace => ({
    file: this.#cursor?.input.path ?? '',
    line: this.#cursor?.line ?? 0,
  })

  /**
   * Reads every message into {@link message}.
   *
   * @throws DataError for a line that is not as it should be
   */
  async read(onMessage: () => void, onRest?: (progress: LogProgress) => void): Promise<void> {
    const cursors: LineCursor[] = []
    try {
      for (const file of this.#files) cursors.push(await LineCursor.open(file))
      const bytesTotal = cursors.reduce((sum, { input }) => sum + input.bytes, 0)
      let done = 0
      for (const cursor of cursors) {
        this.#cursor = cursor
        await this.#readFile(cursor, onMessage, () => {
          const bytesRead = done + cursor.input.bytesRead
          onRest?.({ bytesRead, bytesTotal, messages: this.messages })
        })
        done += cursor.input.bytes
      }
    } finally {
      for (const cursor of cursors) await cursor.close()
    }
  }

  async #readFile(cursor: LineCursor, onMessage: () => void, onRest: () => void): Promise<void> {
    const head = tableHead(cursor.text())
    if (head !== undefined) cursor.step()
    while (await cursor.advance()) {
      while (cursor.ready > 0) {
        if (this.#readLine(cursor.text(), head)) {
          this.messages++
          onMessage()
        }
        cursor.step()
      }
      onRest()
    }
  }

  /** Reads a line; false when it is refused. */
  #readLine(text: string, head: TableHead | undefined): boolean {
    const { message, place } = this
    try {
      if (head === undefined) readLogLine(text, message, place)
      else readTableRow(text, head, message, place)
      if (message.receivedMs < this.#lastMs) {
        throw new DataError(
          'TIME_BACKWARDS',
          `the receive time goes back by ${this.#lastMs - message.receivedMs} ms; are the files in time order?`,
          { ...place(), field: 'receive time', value: message.receivedMs },
        )
      }
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      this.#refuse(error)
      return false
    }
    this.#lastMs = message.receivedMs
    return true
  }
}
