/** What the kernel of `merge-runs.kernel.ts` moves; plain fields, written by it and its caller. */

const NO_TIMES = new Float64Array(0)

/** @see module comment */
export class MergeState {
  /** Sources in heap order; the first `heapSize` are valid. */
  readonly heap: Int32Array
  heapSize = 0
  /** Time of the next row of each source, ns since the common epoch. */
  readonly head: Float64Array
  /** Next row of each source in its window, and the end of its rows there. */
  readonly row: Int32Array
  readonly end: Int32Array
  /** Local times of each source's window, ns since its own epoch. */
  readonly times: Float64Array[]
  /** What to add to a time of each source to have it since the common epoch. */
  readonly shiftNs: Float64Array
  /** Runs that were found: rows [runFrom, runTo) of `runSource`; the first `runs` are valid. */
  readonly runSource: Int32Array
  readonly runFrom: Int32Array
  readonly runTo: Int32Array
  runs = 0

  constructor(shiftNs: Float64Array, runsMost: number) {
    const sources = shiftNs.length
    this.shiftNs = shiftNs
    this.heap = new Int32Array(sources)
    this.head = new Float64Array(sources)
    this.row = new Int32Array(sources)
    this.end = new Int32Array(sources)
    this.times = Array.from({ length: sources }, () => NO_TIMES)
    this.runSource = new Int32Array(runsMost)
    this.runFrom = new Int32Array(runsMost)
    this.runTo = new Int32Array(runsMost)
  }
}
