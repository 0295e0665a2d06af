/** The first pass over ITCH files: which stocks they hold, by their locate codes. */
import { DataError } from '../../../core/index.ts'
import { ItchReader, type ItchBlock, type ItchProgress } from './itch-reader.ts'
import { MessageType } from './layout.ts'

/** Locate codes are 16 bits. */
const LOCATES = 65_536

/** Where each message that names a stock has its eight letters. */
const NAME_AT = new Map<number, number>([
  [MessageType.Directory, 11],
  [MessageType.TradingAction, 11],
  [MessageType.OperationalHalt, 11],
  [MessageType.Add, 24],
  [MessageType.AddNamed, 24],
  [MessageType.HiddenTrade, 24],
  [MessageType.Cross, 19],
])

/** One stock. */
export interface Stock {
  readonly locate: number
  readonly symbol: string
}

/** Stocks in the order in which the files first name them. */
export class Directory {
  readonly stocks: Stock[] = []
  firstTime = Number.NaN
  messages = 0
  readonly #known = new Uint8Array(LOCATES)
  readonly #nameAt = new Uint8Array(256)

  constructor() {
    for (const [type, at] of NAME_AT) this.#nameAt[type] = at
  }

  /** Reads every message. @throws DataError as `ItchReader.read` */
  async read(
    files: readonly string[],
    onProgress?: (progress: ItchProgress) => void,
  ): Promise<void> {
    const reader = new ItchReader(files)
    await reader.read((block) => this.#note(block), onProgress)
    this.messages = reader.messages
    if (this.messages === 0) {
      throw new DataError('TOO_FEW_ROWS', 'there is no message', { file: files.join(', ') })
    }
  }

  #note({ columns, bytes }: ItchBlock): void {
    if (Number.isNaN(this.firstTime) && columns.length > 0) this.firstTime = columns.time[0]!
    for (let row = 0; row < columns.length; row++) {
      const locate = columns.locate[row]!
      if (this.#known[locate] !== 0) continue
      const at = this.#nameAt[columns.type[row]!]!
      if (at === 0) continue
      this.#known[locate] = 1
      const start = columns.at[row]! + at
      const symbol = Buffer.from(bytes.subarray(start, start + 8))
        .toString('latin1')
        .trimEnd()
      this.stocks.push({ locate, symbol })
    }
  }
}
