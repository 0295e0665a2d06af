/** From a size to a colour. */
import type { Theme } from './theme.ts'

const SHADES = 256

/** A logarithmic scale of sizes. */
export interface SizeScale {
  /** Sizes at the two ends of the scale. */
  readonly low: number
  readonly high: number
  /** Returns the shade of a size of either sign, 0 to 255. */
  shade(size: number): number
}

/** Returns a scale from a faint to a strong size of a grid; outliers share the strongest shade. */
export function sizeScale(sizes: Float32Array): SizeScale {
  const present = sizes
    .filter((size) => size !== 0)
    .map(Math.abs)
    .sort()
  const at = (q: number): number => present[Math.floor((present.length - 1) * q)] ?? 1
  const high = at(0.997)
  const low = Math.min(at(0.05), high / 10)
  const span = Math.log(high / low)
  return {
    low,
    high,
    shade(size) {
      const share = Math.log(Math.abs(size) / low) / span
      return Math.round(Math.min(Math.max(share, 0), 1) * (SHADES - 1))
    },
  }
}

/** Returns 256 colours as little-endian RGBA words, from faint to strong. */
export function colorRamp(theme: Theme, side: 'bid' | 'ask'): Uint32Array {
  const stops = ([0, 1, 2] as const).map((stop) => theme.rgb(`${side}-${stop}`))
  const ramp = new Uint32Array(SHADES)
  for (let i = 0; i < SHADES; i++) {
    const place = (i / (SHADES - 1)) * 2
    const below = Math.min(Math.floor(place), 1)
    const share = place - below
    const channel = (c: 0 | 1 | 2): number =>
      Math.round(stops[below]![c] * (1 - share) + stops[below + 1]![c] * share)
    ramp[i] = ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0
  }
  return ramp
}

/** Draws the scale of colours as a strip. */
export function drawRamp(canvas: HTMLCanvasElement, theme: Theme, side: 'bid' | 'ask'): void {
  canvas.width = SHADES
  canvas.height = 1
  const context = canvas.getContext('2d')!
  const image = context.createImageData(SHADES, 1)
  new Uint32Array(image.data.buffer).set(colorRamp(theme, side))
  context.putImageData(image, 0, 0)
}
