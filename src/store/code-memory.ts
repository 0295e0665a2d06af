/**
 * The compiled kernel that decodes sections of prefix codes (`kernels/prefix-codes.ts`), and its
 * memory. JavaScript has no integers of 64 bits that would be as fast.
 */
import { Kernel, assert } from '../core/index.ts'
import { fillTable } from './prefix-code.kernel.ts'
import { STREAMS, readHead } from './prefix-code.ts'
import { PAGES, WASM } from './prefix-codes.wasm.ts'
import { CODE_BITS_MAX, SymbolTable } from './symbol-table.ts'
import { BLOCK_ROWS, chunkBytesMax } from './tape-format.ts'

/** Addresses. */
const PLACES = 64
const TABLE = 1024
const INPUT = 32_768
/** Behind what a stream may be read past its end. */
const LENGTHS = INPUT + chunkBytesMax(BLOCK_ROWS) + 131_072
const VALUES = LENGTHS + BLOCK_ROWS * 4
const ROWS = VALUES + BLOCK_ROWS * 8
/** Room for what is written behind the last run. */
const END = ROWS + BLOCK_ROWS * 8 + 32

const kernel = new Kernel(WASM, PAGES)

type Decode = (count: number, log: number, base: number, out: number) => number
type Spread = (heads: number, lengths: number, runs: number, out: number, rows: number) => number

interface KernelExports {
  readonly decodePlain: Decode
  readonly decodeDelta: Decode
  readonly decodeDelta32: Decode
  readonly decodeLengths: (count: number, log: number, out: number) => number
  readonly spread64: Spread
  readonly spread8: Spread
}

/** A section: `bytes[from, to)` of what was brought in last. */
export interface Section {
  readonly from: number
  readonly to: number
  /** Integers in it. */
  readonly count: number
  /** Added to each or, with `isSteps`, what the steps begin at. */
  readonly base: number
  /** Whether each integer is the zigzag difference to the one before. */
  readonly isSteps: boolean
}

let shared: CodeMemory | undefined

/** Memory and kernel of one thread; see {@link CodeMemory.get}. */
export class CodeMemory {
  readonly #kernel: KernelExports
  readonly #input: Uint8Array
  readonly #places: Uint32Array
  readonly #table: Uint32Array
  readonly #values: Float64Array
  readonly #narrow: Int32Array
  readonly #rows: Float64Array
  readonly #bytes: Uint8Array
  readonly #symbols = new SymbolTable()

  private constructor() {
    const { buffer, exports } = kernel.start()
    assert(END <= buffer.byteLength, 'all of it has its place')
    this.#kernel = exports as KernelExports
    this.#input = new Uint8Array(buffer, INPUT, chunkBytesMax(BLOCK_ROWS))
    this.#places = new Uint32Array(buffer, PLACES, STREAMS + 1)
    this.#table = new Uint32Array(buffer, TABLE, 2 << CODE_BITS_MAX)
    this.#values = new Float64Array(buffer, VALUES, BLOCK_ROWS)
    this.#narrow = new Int32Array(buffer, VALUES, BLOCK_ROWS)
    this.#rows = new Float64Array(buffer, ROWS, BLOCK_ROWS)
    this.#bytes = new Uint8Array(buffer, ROWS, BLOCK_ROWS)
  }

  /** The one of this thread. */
  static get(): CodeMemory {
    shared ??= new CodeMemory()
    return shared
  }

  /** Brings in the bytes whose sections are decoded next. */
  load(bytes: Uint8Array): void {
    this.#input.set(bytes)
  }

  /**
   * Decodes a section.
   *
   * @returns its values, valid until the next; undefined where it is no such section
   */
  values(section: Section): Float64Array | undefined {
    return this.#decodeValues(section) ? this.#values.subarray(0, section.count) : undefined
  }

  /** As {@link values} of a section of steps, as integers of 32 bits. */
  steps32(section: Section): Int32Array | undefined {
    const log = this.#open(section)
    const { count, base } = section
    const isSection = log >= 0 && this.#kernel.decodeDelta32(count, log, base, VALUES) === 1
    return isSection ? this.#narrow.subarray(0, count) : undefined
  }

  /**
   * Decodes two sections, from byte 0 on the lengths of runs less one, and then their values.
   *
   * @returns the values of `rows` rows; undefined where the sections are not of so many
   */
  runs(heads: Section, rows: number): Float64Array | undefined {
    const isWhole = this.#decodeRuns(heads, rows, this.#kernel.spread64)
    return isWhole ? this.#rows.subarray(0, rows) : undefined
  }

  /** As {@link runs}, of a column of 8 bits. */
  runs8(heads: Section, rows: number): Uint8Array | undefined {
    const isWhole = this.#decodeRuns(heads, rows, this.#kernel.spread8)
    return isWhole ? this.#bytes.subarray(0, rows) : undefined
  }

  #decodeRuns(heads: Section, rows: number, spread: Spread): boolean {
    const { count, from } = heads
    assert(rows <= BLOCK_ROWS, 'there is room')
    const log = this.#open({ ...heads, from: 0, to: from })
    return (
      log >= 0 &&
      this.#kernel.decodeLengths(count, log, LENGTHS) === 1 &&
      this.#decodeValues(heads) &&
      spread(VALUES, LENGTHS, count, ROWS, rows) === 1
    )
  }

  #decodeValues(section: Section): boolean {
    const { base, count, isSteps } = section
    const log = this.#open(section)
    if (log < 0) return false
    const { decodeDelta, decodePlain } = this.#kernel
    return (isSteps ? decodeDelta : decodePlain)(count, log, base, VALUES) === 1
  }

  /** Reads the head of a section; returns the bits of its longest code, -1 where it has no head. */
  #open({ from, to, count }: Section): number {
    assert(count <= BLOCK_ROWS && to <= this.#input.length, 'there is room')
    const places = this.#places
    if (!readHead(this.#input, from, to, this.#symbols, places)) return -1
    for (let stream = 0; stream <= STREAMS; stream++) places[stream]! += INPUT
    this.#symbols.assignCodes()
    const log = this.#input[from]!
    fillTable(this.#symbols, log, this.#table)
    return log
  }
}
