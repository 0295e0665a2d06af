/**
 * Memory that threads share.
 *
 * V8 leaves shared memory out of the count by which it decides when to collect: who loads one day
 * after the other would hold them all, long after they are done with, and each would ask the system
 * for pages again, which costs as much as reading the day. So memory that is not shared is asked
 * for from time to time and let go untouched: it takes no pages, and is counted.
 */

const MEBIBYTE = 2 ** 20

/** Shared bytes after which V8 is to look for young objects, and all of them, that can go. */
const YOUNG_UNTOLD = 48 * MEBIBYTE
const ALL_UNTOLD = 256 * MEBIBYTE

/** What makes it look: V8 clears away young objects at 32 MiB, and begins to mark all at 64 MiB. */
const YOUNG_TOLD = 33 * MEBIBYTE
const ALL_TOLD = 96 * MEBIBYTE

/**
 * What the first time is asked for. The allocator of the C library (glibc) asks the system for
 * pieces from 32 MiB on one by one; of a smaller one that is given back it learns to keep pieces of
 * that size for the next.
 */
const FIRST_TOLD = 32 * MEBIBYTE - 65_536

let untoldYoung = 0
let untoldAll = 0
let isFirst = true

/** Allocates shared memory of zeros. @throws RangeError where there is not so much */
export function allocateShared(bytes: number): SharedArrayBuffer {
  untoldYoung += bytes
  untoldAll += bytes
  if (isFirst && untoldYoung > FIRST_TOLD) {
    tell(FIRST_TOLD)
    isFirst = false
  }
  if (untoldAll > ALL_UNTOLD) {
    tell(ALL_TOLD)
    untoldAll = 0
    untoldYoung = 0
  } else if (untoldYoung > YOUNG_UNTOLD) {
    tell(YOUNG_TOLD)
    untoldYoung = 0
  }
  return new SharedArrayBuffer(bytes)
}

/** Asks for memory and lets it go. */
function tell(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes)
}
