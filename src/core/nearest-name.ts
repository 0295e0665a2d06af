/** Suggests the name that a misspelt one probably meant. */

/** Counts the single-character edits (insert, delete, replace, swap) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1
  let before = new Array<number>(width).fill(0)
  let previous = Array.from({ length: width }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = new Array<number>(width).fill(i)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1)
      }
      current[j] = cost
    }
    before = previous
    previous = current
  }
  return previous[b.length]!
}

/** Returns the known name closest to `name`, or undefined when none is close enough to suggest. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Returns `; did you mean "x"?` or an empty string, to end an "unknown ..." message with. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`
}
