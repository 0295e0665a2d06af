/** Lengths of the best prefix code whose codes have no more than some bits. */
import { assert } from '../core/index.ts'

/**
 * Returns for each weight the length of its code, so that their sum weighted is least.
 *
 * @param weights in ascending order, at most 2^`limit`
 * @source Larmore & Hirschberg (1990), package-merge
 */
export function codeLengths(weights: readonly number[], limit: number): Uint8Array {
  const { length } = weights
  assert(length <= 2 ** limit, 'there are codes enough')
  const lengths = new Uint8Array(length)
  if (length < 2) return lengths
  // Of each level, in ascending order of weight: whether a package or a symbol stands there.
  const levels: boolean[][] = []
  let packages: number[] = []
  for (let level = 0; level < limit; level++) {
    const { merged, isPackage } = mergeWeights(weights, packages)
    levels.push(isPackage)
    packages = []
    for (let i = 1; i < merged.length; i += 2) packages.push(merged[i - 1]! + merged[i]!)
  }
  let taken = 2 * length - 2
  for (const isPackage of levels.toReversed()) {
    let inside = 0
    for (let i = 0; i < taken; i++) if (isPackage[i]!) inside++
    for (let symbol = 0; symbol < taken - inside; symbol++) lengths[symbol]!++
    taken = 2 * inside
  }
  return lengths
}

function mergeWeights(
  symbols: readonly number[],
  packages: readonly number[],
): { readonly merged: readonly number[]; readonly isPackage: boolean[] } {
  const merged: number[] = []
  const isPackage: boolean[] = []
  let symbol = 0
  let pack = 0
  while (symbol < symbols.length || pack < packages.length) {
    const isNext = !(symbols[symbol]! <= (packages[pack] ?? Number.POSITIVE_INFINITY))
    isPackage.push(isNext)
    merged.push(isNext ? packages[pack++]! : symbols[symbol++]!)
  }
  return { merged, isPackage }
}
