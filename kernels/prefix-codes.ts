/**
 * Decodes integers that stand as prefix codes with extra bits, in four interleaved streams, and
 * spreads runs of them over rows.
 *
 * AssemblyScript. `npm run kernels` compiles it into `src/store/prefix-codes.wasm.ts`. The addresses
 * are those of `src/store/code-memory.ts`; what the bits mean is told in `src/store/prefix-code.ts`.
 *
 * Streams are independent, so that a processor works at four codes at once. Bits that a forger made
 * may lead a stream past its end, by 57 bits for each value at most: there is more memory than that
 * behind the input, and a stream that does not end where it should is refused.
 */

/** Five words: byte addresses at which the streams begin, and at which the last one ends. */
const PLACES: usize = 64
/**
 * A word for each next bits, see {@link valueOf}: a byte each for two shifts, and what is added to
 * the bits that the shifts leave, with its sign.
 */
const TABLE: usize = 1024

/** The next 57 bits or more. */
@inline
function bitsAt(place: u32): u64 {
  return load<u64>(place >> 3) >> (place & 7)
}

@inline
function entryOf(bits: u64, mask: u64): u64 {
  return load<u64>(TABLE + (<usize>(bits & mask) << 3))
}

/** Bits of the code and behind it: all but those that the first shift throws out. */
@inline
function lengthOf(entry: u64): u32 {
  return 64 - (<u32>entry & 63)
}

/** Shifts out what is above the bits behind the code, and then what is below; 64 bits wrap. */
@inline
function valueOf(entry: u64, bits: u64): i64 {
  return <i64>((bits << entry) >> (entry >> 8)) + (<i64>entry >> 16)
}

@inline
function step(zigzag: i64): i64 {
  return (zigzag >> 1) ^ -(zigzag & 1)
}

@inline
function begin(stream: usize): u32 {
  return load<u32>(PLACES + (stream << 2)) << 3
}

/** Whether a stream was read up to the byte at which the next one begins. */
@inline
function isRead(stream: usize, place: u32): bool {
  return (place + 7) >> 3 == load<u32>(PLACES + (stream << 2) + 4)
}

/** Writes a value as the kind of number that the column has. */
@inline
function put<T>(out: usize, row: i32, value: i64): void {
  // What has no sign is a length; one beyond all rows stays beyond them.
  if (isInteger<T>() && !isSigned<T>()) store<u32>(out + (<usize>row << 2), <u32>min<i64>(value, i32.MAX_VALUE))
  else if (sizeof<T>() == 4) store<i32>(out + (<usize>row << 2), <i32>value)
  else store<f64>(out + (<usize>row << 3), <f64>value)
}

/** Decodes `count` values; with `isStep` each is the zigzag difference to the one before. */
@inline
function decode<T>(count: i32, log: u32, base: i64, isStep: bool, out: usize): bool {
  const mask = ((<u64>1) << log) - 1
  const lone = load<u64>(TABLE)
  const takesBits = log > 0 || (lone & 63) != 0
  const whole = takesBits ? count & ~3 : 0
  let sum = base
  let p0 = begin(0)
  let p1 = begin(1)
  let p2 = begin(2)
  let p3 = begin(3)
  for (let row = 0; row < whole; row += 4) {
    const b0 = bitsAt(p0)
    const e0 = entryOf(b0, mask)
    p0 += lengthOf(e0)
    const v0 = valueOf(e0, b0)
    sum = isStep ? sum + step(v0) : base + v0
    put<T>(out, row, sum)
    const b1 = bitsAt(p1)
    const e1 = entryOf(b1, mask)
    p1 += lengthOf(e1)
    const v1 = valueOf(e1, b1)
    sum = isStep ? sum + step(v1) : base + v1
    put<T>(out, row + 1, sum)
    const b2 = bitsAt(p2)
    const e2 = entryOf(b2, mask)
    p2 += lengthOf(e2)
    const v2 = valueOf(e2, b2)
    sum = isStep ? sum + step(v2) : base + v2
    put<T>(out, row + 2, sum)
    const b3 = bitsAt(p3)
    const e3 = entryOf(b3, mask)
    p3 += lengthOf(e3)
    const v3 = valueOf(e3, b3)
    sum = isStep ? sum + step(v3) : base + v3
    put<T>(out, row + 3, sum)
  }
  // One value, over and over, takes none.
  for (let row = 0; row < count && !takesBits; row++) {
    const value = <i64>lone >> 16
    sum += step(value)
    put<T>(out, row, isStep ? sum : base + value)
  }
  for (let row = whole; row < count && takesBits; row++) {
    const place = row == whole ? p0 : row == whole + 1 ? p1 : p2
    const bits = bitsAt(place)
    const entry = entryOf(bits, mask)
    const length = lengthOf(entry)
    if (row == whole) p0 += length
    else if (row == whole + 1) p1 += length
    else p2 += length
    const value = valueOf(entry, bits)
    sum += step(value)
    put<T>(out, row, isStep ? sum : base + value)
  }
  return isRead(0, p0) && isRead(1, p1) && isRead(2, p2) && isRead(3, p3)
}

/** Values plus `base`, as doubles. Returns false where the streams do not end where they should. */
export function decodePlain(count: i32, log: u32, base: f64, out: usize): bool {
  return decode<f64>(count, log, <i64>base, false, out)
}

/** The running sum of zigzag differences from `base` on, as doubles. */
export function decodeDelta(count: i32, log: u32, base: f64, out: usize): bool {
  return decode<f64>(count, log, <i64>base, true, out)
}

/** As {@link decodeDelta}, as integers of 32 bits. */
export function decodeDelta32(count: i32, log: u32, base: f64, out: usize): bool {
  return decode<i32>(count, log, <i64>base, true, out)
}

/** As {@link decodePlain} from 0 on, as lengths of 32 bits. */
export function decodeLengths(count: i32, log: u32, out: usize): bool {
  return decode<u32>(count, log, 0, false, out)
}

/**
 * Spreads the doubles at `heads` over `rows` rows from `out` on, with their lengths less one at
 * `lengths`. It writes up to 32 bytes too many. Returns whether the lengths add up to `rows`.
 */
export function spread64(heads: usize, lengths: usize, runs: i32, out: usize, rows: i32): bool {
  let left = rows
  let at = out
  for (let run = 0; run < runs; run++) {
    const more = load<u32>(lengths + (<usize>run << 2))
    if (more >= <u32>left) return false
    const value = load<u64>(heads + (<usize>run << 3))
    const stop = at + (<usize>(more + 1) << 3)
    do {
      store<u64>(at, value)
      store<u64>(at + 8, value)
      store<u64>(at + 16, value)
      store<u64>(at + 24, value)
      at += 32
    } while (at < stop)
    at = stop
    left -= more + 1
  }
  return left == 0
}

/** As {@link spread64}, over rows of 8 bits. */
export function spread8(heads: usize, lengths: usize, runs: i32, out: usize, rows: i32): bool {
  let left = rows
  let at = out
  for (let run = 0; run < runs; run++) {
    const more = load<u32>(lengths + (<usize>run << 2))
    if (more >= <u32>left) return false
    const byte = <u64>(<i64>load<f64>(heads + (<usize>run << 3)) & 0xff)
    const value = byte * 0x0101010101010101
    const stop = at + more + 1
    do {
      store<u64>(at, value)
      store<u64>(at + 8, value)
      at += 16
    } while (at < stop)
    at = stop
    left -= more + 1
  }
  return left == 0
}
