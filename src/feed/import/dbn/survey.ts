/** The first pass over DBN files: which instruments they hold, and on which grids. */
import { ClockMeter } from '../clock-meter.ts'
import { StepMeter } from '../grid-meter.ts'
import { OrderRefs } from '../order-refs.kernel.ts'
import { DbnReader, type DbnBlock, type DbnProgress } from './dbn-reader.ts'
import { priceOf } from './decode.kernel.ts'
import { LEVEL_BYTES, PRICE_SCALE, RecordFlag, RecordType, TRADE_BYTES } from './layout.ts'
import { latin1, type DbnMetadata } from './metadata.ts'

const CANCEL = 67

/** What the rows of an instrument are made from: its richest records. */
export type DbnSource = 'mbo' | 'mbp-10' | 'mbp-1' | 'trades'

/** The greatest common divisor of integers, 0 while there was none but 0. */
class IntegerDivisor {
  value = 0

  note(integer: number): void {
    if (integer % this.value === 0) return
    let a = Math.abs(integer)
    if (!(a <= Number.MAX_SAFE_INTEGER)) return
    let b = this.value
    while (b !== 0) [a, b] = [b, a % b]
    this.value = a
  }
}

/** One instrument of one publisher. */
export class SurveyedInstrument {
  readonly publisher: number
  readonly id: number
  readonly #prices = new IntegerDivisor()
  readonly #sizes = new IntegerDivisor()
  #types = 0

  constructor(publisher: number, id: number) {
    this.publisher = publisher
    this.id = id
  }

  /** Undefined where no record of the instrument is market data. */
  get source(): DbnSource | undefined {
    if ((this.#types & 8) !== 0) return 'mbo'
    if ((this.#types & 4) !== 0) return 'mbp-10'
    if ((this.#types & 2) !== 0) return 'mbp-1'
    return this.#types === 0 ? undefined : 'trades'
  }

  /** Steps as plain decimals, undefined where nothing but zeros was seen. */
  get steps(): { readonly price: string | undefined; readonly size: string | undefined } {
    const price = new StepMeter()
    price.noteStep(this.#prices.value, PRICE_SCALE)
    const size = new StepMeter()
    size.noteStep(this.#sizes.value, 0)
    return { price: price.step, size: size.step }
  }

  note(block: DbnBlock, row: number): void {
    const { columns } = block
    switch (columns.type[row]) {
      case RecordType.Mbo:
        this.#types |= 8
        break
      case RecordType.Mbp10:
        this.#types |= 4
        this.#noteLevels(block, row, 10)
        break
      case RecordType.Mbp1:
        this.#types |= 2
        this.#noteLevels(block, row, 1)
        break
      case RecordType.Mbp0:
        this.#types |= 1
        break
      default:
        return
    }
    // A cancellation names its order alone; what stands in its price is of no use.
    if (columns.action[row] !== CANCEL) this.#prices.note(columns.price[row]!)
    this.#sizes.note(columns.size[row]!)
  }

  #noteLevels({ columns, words }: DbnBlock, row: number, levels: number): void {
    let w = (columns.at[row]! + TRADE_BYTES) >> 2
    for (let i = 0; i < levels; i++) {
      this.#prices.note(priceOf(words[w + 1]!, words[w]!))
      this.#prices.note(priceOf(words[w + 3]!, words[w + 2]!))
      this.#sizes.note(words[w + 4]! >>> 0)
      this.#sizes.note(words[w + 5]! >>> 0)
      w += LEVEL_BYTES >> 2
    }
  }
}

/** What the first pass found. */
export class DbnSurvey {
  readonly instruments: SurveyedInstrument[] = []
  readonly meter = new ClockMeter()
  /** Of the first file. */
  dataset = ''
  /** Symbols by instrument id. */
  readonly symbols = new Map<number, string>()
  readonly #refs = new OrderRefs()

  /** Reads every record. @throws DataError as `DbnReader.read` */
  async read(
    files: readonly string[],
    onProgress?: (progress: DbnProgress) => void,
  ): Promise<void> {
    const visitor = {
      metadata: (metadata: DbnMetadata) => this.#noteMetadata(metadata),
      block: (block: DbnBlock) => this.#noteBlock(block),
    }
    await new DbnReader(files).read(visitor, onProgress)
  }

  /** Index of an instrument in {@link instruments}, -1 for an unknown one. */
  indexOf(publisher: number, id: number): number {
    return this.#refs.get(publisher, id)
  }

  #noteMetadata({ dataset, mappings }: DbnMetadata): void {
    if (this.dataset === '') this.dataset = dataset
    for (const { symbol, targets } of mappings) {
      for (const target of targets) {
        if (isId(target)) this.#name(Number(target), symbol)
        else if (isId(symbol)) this.#name(Number(symbol), target)
      }
    }
  }

  #name(id: number, symbol: string): void {
    if (symbol !== '' && !this.symbols.has(id)) this.symbols.set(id, symbol)
  }

  #noteBlock(block: DbnBlock): void {
    const { columns } = block
    let index = -1
    for (let row = 0; row < columns.length; row++) {
      const publisher = columns.publisher[row]!
      const id = columns.instrument[row]!
      const held = this.instruments[index]
      if (held === undefined || held.id !== id || held.publisher !== publisher) {
        index = this.#refs.get(publisher, id)
        if (index < 0) {
          index = this.#refs.add(publisher, id)
          this.instruments.push(new SurveyedInstrument(publisher, id))
        }
      }
      this.instruments[index]!.note(block, row)
      if (columns.type[row] === RecordType.SymbolMapping) this.#noteMapping(block, row)
      else if (columns.action[row] !== 0 && (columns.flags[row]! & RecordFlag.Snapshot) === 0) {
        this.meter.note(columns.localTime[row]!, columns.exchTime[row]!)
      }
    }
  }

  /** A live stream tells its symbols in records: what was asked for and what it stands for. */
  #noteMapping({ columns, bytes }: DbnBlock, row: number): void {
    const at = columns.at[row]!
    const length = bytes[at]! * 4
    const isFirst = length < 176
    const size = isFirst ? 22 : 71
    const start = at + (isFirst ? 16 : 17)
    if (start + size * 2 + 1 > at + length) return
    const asked = latin1(bytes, start, start + size)
    const second = start + size + (isFirst ? 0 : 1)
    const given = latin1(bytes, second, second + size)
    this.#name(columns.instrument[row]!, isId(given) || given === '' ? asked : given)
  }
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}
