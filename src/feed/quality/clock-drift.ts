/**
 * How fast the clock of a capture runs against the venue's.
 *
 * The latency that a message would have had without queueing is the least one of its stretch of
 * time, so the capture is cut into about sqrt(n) stretches of n messages, and a line goes through
 * the least latencies of the stretches. The stretches are those of V. Paxson (1998), "On
 * Calibrating Measurements of Packet Transit Times", section 4 ("de-noised" times); the line is
 * the median of the slopes between all pairs (Theil 1950, Sen 1968), which a fifth of wrong
 * stretches does not move.
 */
import type { ClockWindow } from './clock-windows.ts'

const STRETCHES_MAX = 256
/** Fewer stretches than these, or a shorter span, tell nothing of a drift. */
const STRETCHES_MIN = 20
const SPAN_MIN_NS = 10e9

/** A clock's drift; `ppm` is 0 where the input is too short to tell. */
export interface ClockDrift {
  /** ns that the clock of the capture gains in 1 ms of the venue's; below 0 it is slow. */
  readonly ppm: number
  /** How far it has moved from the first to the last window. */
  readonly movedNs: number
  /** Standard error of `movedNs`. */
  readonly errorNs: number
  readonly stretches: number
}

const UNTOLD: ClockDrift = { ppm: 0, movedNs: 0, errorNs: 0, stretches: 0 }

/** Measures a drift. @param windows in order of time */
export function clockDrift(windows: readonly ClockWindow[]): ClockDrift {
  const points = stretchesOf(windows)
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined || points.length < STRETCHES_MIN) return UNTOLD
  const spanNs = last.time - first.time
  if (spanNs < SPAN_MIN_NS) return UNTOLD
  const slope = medianSlope(points)
  const residuals = Float64Array.from(points, ({ time, min }) => min - slope * (time - first.time))
  const middle = median(residuals)
  // 1.4826 makes the median deviation that of a normal law.
  const noise = 1.4826 * median(residuals.map((residual) => Math.abs(residual - middle)))
  return {
    // Latency grows by the gain of the receiving clock, measured on that clock.
    ppm: (slope / (1 - slope)) * 1e6,
    movedNs: slope * (windows.at(-1)!.time - windows[0]!.time),
    errorNs: noise * Math.sqrt(12 / points.length),
    stretches: points.length,
  }
}

interface Point {
  readonly time: number
  readonly min: number
}

/** Joins windows into about sqrt(n) stretches of equally many messages. */
function stretchesOf(windows: readonly ClockWindow[]): Point[] {
  const total = windows.reduce((sum, { count }) => sum + count, 0)
  const wanted = total / Math.min(STRETCHES_MAX, Math.max(1, Math.floor(Math.sqrt(total))))
  const points: Point[] = []
  let best: ClockWindow | undefined
  let count = 0
  for (const window of windows) {
    if (best === undefined || window.min < best.min) best = window
    count += window.count
    if (count < wanted) continue
    points.push(best)
    best = undefined
    count = 0
  }
  // What is left over is too little to hold a fast message.
  if (best !== undefined && count >= wanted / 2) points.push(best)
  return points
}

function medianSlope(points: readonly Point[]): number {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2)
  let count = 0
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const dt = points[j]!.time - points[i]!.time
      if (dt > 0) slopes[count++] = (points[j]!.min - points[i]!.min) / dt
    }
  }
  return median(slopes.subarray(0, count))
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted()
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
