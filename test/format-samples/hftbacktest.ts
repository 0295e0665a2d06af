/** Small arrays of hftbacktest events, packed and not. */
import { npy, npz, zip64, type Row } from '../hftbacktest-arrays.ts'
import type { SampleFile } from './sample.ts'

const ROWS: readonly Row[] = [
  { kind: 4, seen: 'b', side: 1, exch: 0, local: 3, px: 100, qty: 5 },
  { kind: 4, seen: 'b', side: -1, exch: 0, local: 3, px: 100.5, qty: 5 },
  { kind: 1, seen: 'x', side: 1, exch: 5, local: 8, px: 99.5, qty: 2 },
  { kind: 1, seen: 'l', side: 1, exch: 5, local: 8, px: 99.5, qty: 2 },
  { kind: 2, seen: 'b', side: -1, exch: 6, local: 9, px: 100, qty: 0.25 },
  { kind: 5, seen: 'l', side: 1, exch: 7, local: 10, px: 100, qty: 4.75 },
  { kind: 3, seen: 'b', side: 1, exch: 8, local: 11, px: 100, qty: 0 },
  { kind: 1, seen: 'b', side: -1, exch: 9, local: 12, px: 100.5, qty: 0 },
  { kind: 3, seen: 'b', side: 0, exch: 10, local: 13, px: Number.NaN, qty: 0 },
  { kind: 1, seen: 'b', side: -1, exch: 11, local: 14, px: 101, qty: 7 },
]

/** An array alone, in a zip file, and in one of zip64. */
export function sampleFiles(): readonly SampleFile[] {
  return [
    { name: 'btcusdt.npy', bytes: npy(ROWS) },
    { name: 'btcusdt.npz', bytes: npz(ROWS) },
    { name: 'btcusdt64.npz', bytes: zip64(npy(ROWS)) },
  ]
}
