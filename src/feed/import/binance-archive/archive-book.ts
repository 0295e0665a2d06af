/** What an import of Binance's archives keeps for a symbol. */
import { LobtraderError, type DataPlace } from '../../../core/index.ts'
import { BinanceFuturesGate } from '../../sequence/sequence-gate.ts'
import { BookBuilder } from '../binance/book-builder.ts'
import { BinanceMessage, type LevelList } from '../binance/message.ts'
import type { LevelTape } from '../level-tape.ts'
import type { SymbolBook } from '../table/table-format.ts'
import type { ArchiveTable } from './archive-table.ts'

/** One row of `depth-snap` or `depth-update`. */
export interface DepthRow {
  readonly isSnapshot: boolean
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number
  readonly isBid: boolean
  readonly tick: number
  readonly lots: number
}

/** Puts rows together to messages and gives them to the builder of the book. */
export class ArchiveBook {
  market: ArchiveTable['market']
  builder: BookBuilder | undefined
  lastTradeId = -1
  missingTrades = 0
  #trades = ''
  readonly #message = new BinanceMessage()
  #isSnapshot = false
  #localTime = 0
  #exchTime = 0
  #place: DataPlace = {}
  #isOpen = false

  /**
   * Notes which table tells of the trades: two would tell of each twice.
   *
   * @throws LobtraderError BAD_ARGUMENT
   */
  tradedBy(table: string, symbol: string): void {
    if (this.#trades === table) return
    if (this.#trades !== '') {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `the files tell of the trades of ${symbol} twice, by ${this.#trades} and by ${table}; give one of them`,
        { symbol },
      )
    }
    this.#trades = table
  }

  /** Takes a row of depth; rows of one message follow one another. */
  depth(
    tape: LevelTape,
    row: DepthRow,
    at: { readonly localTime: number; readonly exchTime: number; readonly place: DataPlace },
  ): void {
    const message = this.#message
    const isSame =
      this.#isOpen &&
      row.isSnapshot === this.#isSnapshot &&
      row.lastId === message.lastId &&
      row.firstId === message.firstId
    if (!isSame) {
      this.close()
      this.builder ??= new BookBuilder(
        () => new BinanceFuturesGate(),
        tape.rows,
        undefined,
        () => this.#place,
      )
      message.clear()
      message.firstId = row.firstId
      message.lastId = row.lastId
      message.previousId = row.previousId
      this.#isSnapshot = row.isSnapshot
      this.#localTime = at.localTime
      this.#exchTime = at.exchTime
      this.#place = at.place
      this.#isOpen = true
    }
    const side = row.isBid ? message.bids : message.asks
    side.push(row.tick, row.lots)
  }

  /** Tells that rows at `localTime` follow. */
  enter(localTime: number): void {
    this.builder?.enter(localTime)
  }

  /**
   * Ends the message at hand: call it before any other row of the symbol.
   *
   * @throws DataError BAD_FIELD for a snapshot that makes no book
   */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { builder } = this
    const message = this.#message
    builder!.enter(this.#localTime)
    if (this.#isSnapshot) {
      sortLevels(message.bids, -1)
      sortLevels(message.asks, 1)
      builder!.snapshot(message, this.#localTime, this.#exchTime)
    } else builder!.depth(message, this.#localTime, this.#exchTime)
  }

  /** @throws LobtraderError ABSENT_SNAPSHOT when there were updates, but nothing to apply them to */
  finish(symbol: string): void {
    this.close()
    if (this.builder === undefined || this.builder.hasBegun) return
    throw new LobtraderError(
      'ABSENT_SNAPSHOT',
      this.builder.snapshots === 0
        ? `there is no depth snapshot of ${symbol}, so no book can be built of its updates; give its depth-snap file too`
        : `none of the ${this.builder.snapshots} depth snapshots of ${symbol} is joined by the updates around it, so no book can be built`,
      { symbol },
    )
  }

  /** The book, where depth was told. */
  get book(): SymbolBook | undefined {
    return this.builder
  }

  /** Sentences about the book and the trades. */
  get warnings(): string[] {
    const { builder } = this
    const warnings: string[] = []
    for (const { place, firstId, previousId, bookId } of builder?.breaks ?? []) {
      warnings.push(
        `${place.file} line ${place.line}: depth update ${firstId} does not follow ${bookId} (pu=${previousId}); the book is stale from here until the next snapshot`,
      )
    }
    const more = (builder?.gaps ?? 0) - (builder?.breaks.length ?? 0)
    if (more > 0) warnings.push(`${more} more gaps`)
    if ((builder?.unjoined ?? 0) > 0) {
      warnings.push(`${builder!.unjoined} snapshots were too old to be joined and were left out`)
    }
    if (this.missingTrades > 0) warnings.push(`${this.missingTrades} trade ids are missing`)
    return warnings
  }
}

/** Archives list the levels of a snapshot in no order. @param direction 1: lowest price first */
function sortLevels(levels: LevelList, direction: 1 | -1): void {
  const { ticks, lots, count } = levels.copy()
  const order = Array.from({ length: count }, (_, i) => i)
  order.sort((a, b) => (ticks[a]! - ticks[b]!) * direction)
  levels.count = 0
  for (const i of order) levels.push(ticks[i]!, lots[i]!)
}
