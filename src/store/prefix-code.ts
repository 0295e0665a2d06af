/**
 * Prefix codes of integers: which values have a code of their own, and how that is written.
 *
 * A list of integers in [0, 2^47) becomes a section:
 * ```
 * u8      bits of the longest code, at most 11
 * varint  number of symbols
 * symbols in ascending order: varint (first value less that of the symbol before), u8 (length of
 *         the code, plus 16 where bits follow), u8 (number of those bits, where they do)
 * varint  bytes of each of the first three streams
 * streams the i-th integer stands in stream i mod 4: its code and the bits that are added to the
 *         first value of its symbol; the least bit of a byte comes first
 * ```
 * Codes are canonical (D. A. Huffman 1952; RFC 1951, 3.2.2): the lengths tell them. Lengths are the
 * best that a longest code of 11 bits allows (L. L. Larmore and D. S. Hirschberg 1990, "A fast
 * algorithm for optimal length-limited Huffman codes").
 *
 * Sizes and steps are a few frequent values among many rare ones: frequent ones have their own
 * symbol, all others share one for each half octave. Four streams can be read at the same time.
 */
import { codeLengths } from './code-lengths.ts'
import { putVarint, takeVarint, takenValue } from './integer-codec.kernel.ts'
import {
  HALVES,
  SHARED_SLOTS,
  SLOTS,
  assignHalves,
  countHalves,
  countValues,
  frequentSlots,
  rangeOfHalf,
  writeCodes,
  type HalfCounts,
  type ValueCounts,
} from './prefix-code.kernel.ts'
import { CODE_BITS_MAX, SymbolTable } from './symbol-table.ts'
import { BLOCK_ROWS } from './tape-format.ts'

/** Integers from here on have no code. */
export const CODED_MAX = 2 ** 47

/** Bits that may follow a code. */
const EXTRA_BITS_MAX = 45

/** Values that may have their own symbol, and how often each must be there. */
const OWN_MAX = 256
const OWN_COUNT_MIN = 12

const HAS_EXTRA = 16
/** Stands for the symbol of a slot that has its own, until that has its place. */
const HAS_OWN = -1
export const STREAMS = 4

/** Memory for the sections of one thread. */
class SectionScratch {
  readonly symbols = new SymbolTable()
  readonly counts: ValueCounts = {
    keys: new Float64Array(SLOTS),
    counts: new Int32Array(SLOTS),
    used: new Int32Array(SLOTS),
    slots: new Int32Array(BLOCK_ROWS),
  }
  /** The symbol of each slot. */
  readonly symbolOf = new Int16Array(SLOTS)
  readonly halves: HalfCounts = {
    weights: new Float64Array(HALVES),
    halves: new Uint8Array(SLOTS),
  }
  readonly frequent = new Int32Array(SLOTS)
}

let shared: SectionScratch | undefined

function scratch(): SectionScratch {
  shared ??= new SectionScratch()
  return shared
}

/**
 * Writes `values[0, count)`, integers of at least 0, as a section from `at` on.
 *
 * @param out room for 8 bytes a value and 4 KiB
 * @returns the end, or -1 where a value is too large
 */
export function writeSection(
  values: Float64Array,
  count: number,
  out: Uint8Array,
  at: number,
): number {
  const memory = scratch()
  const { symbols, counts, symbolOf } = memory
  const used = countValues(values, count, counts)
  const isCodable = chooseSymbols(counts, used, memory)
  for (let i = 0; i < used; i++) counts.counts[counts.used[i]!] = 0
  if (!isCodable) return -1
  symbols.assignCodes()
  const head = writeSymbols(symbols, out, at)
  // The streams go where they cannot collide with what tells their lengths.
  const room = head + 3 * 5
  let end = room
  let place = head
  for (let stream = 0; stream < STREAMS; stream++) {
    const from = end
    end = writeCodes(values, stream, count, counts.slots, symbolOf, symbols, out, end)
    if (stream < STREAMS - 1) place = putVarint(out, place, end - from)
  }
  out.copyWithin(place, room, end)
  return end - (room - place)
}

/** A symbol on its way to its place. */
interface Chosen {
  /** What stands for it in the columns by slot until it has its place. */
  readonly id: number
  readonly base: number
  readonly extra: number
  weight: number
}

/** Chooses symbols and the lengths of their codes; false where a value is too large. */
function chooseSymbols(table: ValueCounts, used: number, memory: SectionScratch): boolean {
  const { symbols, symbolOf, halves } = memory
  const slots = table.used
  const chosen = ownSymbols(table, used, memory.frequent)
  for (const { id } of chosen) symbolOf[id] = HAS_OWN
  if (!countHalves(table, slots, used, symbolOf, HAS_OWN, CODED_MAX, halves)) {
    for (const { id } of chosen) symbolOf[id] = 0
    return false
  }
  for (let half = 0; half < HALVES; half++) {
    const weight = halves.weights[half]!
    if (weight > 0) chosen.push({ id: SHARED_SLOTS + half, ...rangeOfHalf(half), weight })
  }
  chosen.sort((a, b) => a.base - b.base || a.extra - b.extra)
  placeSymbols(chosen, symbols)
  for (const [place, { id }] of chosen.entries()) if (id >= SHARED_SLOTS) symbolOf[id] = place
  assignHalves(slots, used, symbolOf, HAS_OWN, halves.halves)
  for (const [place, { id }] of chosen.entries()) symbolOf[id] = place
  return true
}

/** The most frequent values below 2^47, those of fewer occurrences than are worth it left out. */
function ownSymbols(table: ValueCounts, used: number, room: Int32Array): Chosen[] {
  const { keys, counts } = table
  const found = frequentSlots(table, table.used, used, OWN_COUNT_MIN, CODED_MAX, room)
  const frequent = room.subarray(0, found)
  if (found > OWN_MAX) frequent.sort((a, b) => counts[b]! - counts[a]! || a - b)
  return Array.from(frequent.subarray(0, OWN_MAX), (slot) => ({
    id: slot,
    base: keys[slot]!,
    extra: 0,
    weight: counts[slot]!,
  }))
}

function placeSymbols(chosen: readonly Chosen[], symbols: SymbolTable): void {
  const byWeight = chosen.map((_, i) => i).toSorted((a, b) => chosen[a]!.weight - chosen[b]!.weight)
  const lengths = codeLengths(
    byWeight.map((i) => chosen[i]!.weight),
    CODE_BITS_MAX,
  )
  for (const [place, i] of byWeight.entries()) symbols.length[i] = lengths[place]!
  symbols.count = chosen.length
  for (const [i, { base, extra }] of chosen.entries()) {
    symbols.base[i] = base
    symbols.extra[i] = extra
  }
}

function writeSymbols(
  { count, base, extra, length }: SymbolTable,
  out: Uint8Array,
  at: number,
): number {
  out[at++] = length.subarray(0, count).reduce((most, bits) => Math.max(most, bits), 0)
  at = putVarint(out, at, count)
  let previous = 0
  for (let i = 0; i < count; i++) {
    at = putVarint(out, at, base[i]! - previous)
    previous = base[i]!
    out[at++] = length[i]! | (extra[i]! > 0 ? HAS_EXTRA : 0)
    if (extra[i]! > 0) out[at++] = extra[i]!
  }
  return at
}

/**
 * Reads the head of a section in `bytes[at, end)`.
 *
 * @param places gets where each stream begins, and where the last one ends
 * @returns whether the head is one that {@link writeSection} may have written
 */
export function readHead(
  bytes: Uint8Array,
  at: number,
  end: number,
  symbols: SymbolTable,
  places: Uint32Array,
): boolean {
  const log = at < end ? bytes[at]! : CODE_BITS_MAX + 1
  if (log > CODE_BITS_MAX) return false
  let place = takeVarint(bytes, at + 1, end)
  const count = takenValue()
  if (place < 0 || count < 1 || count > 2 ** log) return false
  let base = 0
  let codes = 0
  for (let i = 0; i < count; i++) {
    place = takeVarint(bytes, place, end)
    if (place < 0 || place + 2 > end) return false
    base += takenValue()
    const byte = bytes[place++]!
    const extra = (byte & HAS_EXTRA) === 0 ? 0 : bytes[place++]!
    const length = byte & 15
    if (extra > EXTRA_BITS_MAX || base >= CODED_MAX || length > log) return false
    symbols.base[i] = base
    symbols.extra[i] = extra
    symbols.length[i] = length
    codes += 2 ** (log - length)
  }
  symbols.count = count
  if (codes !== 2 ** log) return false
  return readPlaces(bytes, place, end, places)
}

function readPlaces(bytes: Uint8Array, at: number, end: number, places: Uint32Array): boolean {
  let reach = 0
  for (let stream = 1; stream < STREAMS; stream++) {
    at = takeVarint(bytes, at, end)
    if (at < 0) return false
    reach += takenValue()
    if (reach > end) return false
    places[stream] = reach
  }
  places[0] = at
  for (let stream = 1; stream < STREAMS; stream++) places[stream]! += at
  places[STREAMS] = end
  return places[STREAMS - 1]! <= end
}
