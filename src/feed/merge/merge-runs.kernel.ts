/**
 * Merges the rows of many sources by local time: an index heap over their columns.
 *
 * Order is total: by time, rows of one time by source, rows of one source as they stand. What comes
 * out are runs, rows of one source that no row of another comes between.
 */
import { assert } from '../../core/index.ts'
import type { MergeState } from './merge-state.ts'

/** True when source `a` comes before source `b`. */
function isBefore(state: MergeState, a: number, b: number): boolean {
  const headA = state.head[a]!
  const headB = state.head[b]!
  return headA < headB || (headA === headB && a < b)
}

/** Adds a source whose head has been set. */
export function pushSource(state: MergeState, source: number): void {
  assert(state.heapSize < state.heap.length, 'each source is on the heap once')
  const { heap } = state
  let at = state.heapSize++
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(state, source, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = source
}

/** Puts a source into the place of the top of the heap. */
function replaceTop(state: MergeState, source: number): void {
  const { heap, heapSize } = state
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heapSize) break
    if (child + 1 < heapSize && isBefore(state, heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(state, heap[child]!, source)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = source
}

/**
 * Returns the first row at or behind `from` whose time is above `bound`, or equals it where
 * `isOpen`; `length` when there is none. Gallops, because runs are short.
 */
function endOfRun(
  times: Float64Array,
  from: number,
  length: number,
  bound: number,
  isOpen: boolean,
): number {
  let low = from
  let step = 1
  let high = from + 1
  // Invariant: the row `low` belongs to the run.
  while (high < length && (isOpen ? times[high]! < bound : times[high]! <= bound)) {
    low = high
    step *= 2
    high = Math.min(length, low + step)
  }
  low++
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isOpen ? times[middle]! < bound : times[middle]! <= bound) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Writes runs until there is room for no more, no source is left, or the rows of one have come to
 * their end: that source then stands on the heap no more.
 *
 * @returns the source whose rows have come to their end, -1 for none
 */
export function mergeRuns(state: MergeState): number {
  const { heap, head, row, end, times, shiftNs, runSource, runFrom, runTo } = state
  const room = runSource.length
  let runs = 0
  let ended = -1
  while (runs < room && state.heapSize > 0 && ended < 0) {
    const source = heap[0]!
    const from = row[source]!
    const length = end[source]!
    let to = length
    if (state.heapSize > 1) {
      const next = state.heapSize > 2 && isBefore(state, heap[2]!, heap[1]!) ? heap[2]! : heap[1]!
      const bound = head[next]! - shiftNs[source]!
      to = endOfRun(times[source]!, from, length, bound, next < source)
    }
    runSource[runs] = source
    runFrom[runs] = from
    runTo[runs] = to
    runs++
    row[source] = to
    if (to < length) {
      head[source] = times[source]![to]! + shiftNs[source]!
      replaceTop(state, source)
    } else {
      ended = source
      state.heapSize--
      if (state.heapSize > 0) replaceTop(state, heap[state.heapSize]!)
    }
  }
  state.runs = runs
  return ended
}
