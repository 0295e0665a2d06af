/** What `real-queue.ts` has found, as text. */
import type { ExponentFit } from 'lobtrader/venue'
import type { ModelScore } from './queue-score.ts'

/** How the models do over levels shown in one way. */
export interface View {
  readonly showEveryNs: number
  readonly fits: readonly ExponentFit[]
  readonly scores: readonly ModelScore[]
}

/** How the models do over one set of data. */
export interface Answer {
  readonly name: string
  readonly resting: number
  readonly filled: number
  readonly told: number
  readonly scored: number
  readonly scoredFilled: number
  readonly splits: readonly (ExponentFit & { readonly where: string })[]
  readonly views: readonly View[]
}

function fitText(fit: ExponentFit): string {
  const { family, exponent, low, high, isOpenBelow, isOpenAbove, observations } = fit
  const value =
    isOpenBelow && isOpenAbove
      ? 'the data say nothing of it'
      : `${exponent.toFixed(2)} (${isOpenBelow ? '..' : low.toFixed(2)} to ${isOpenAbove ? '..' : high.toFixed(2)})`
  return `${family}: ${value}, from ${observations}`
}

const finite = (value: number, decimals: number): string =>
  Number.isFinite(value) ? value.toFixed(decimals) : 'never'

function table(scores: readonly ModelScore[]): string {
  const rows = scores.map((score) => [
    score.model,
    score.logScore.toFixed(3),
    score.brier.toFixed(4),
    String(score.both),
    String(score.onlyModel),
    String(score.onlyReal),
    String(score.neither),
    String(score.sameMessage),
    score.errorMs.map((value) => finite(value, 0)).join(' / '),
    score.errorMessages.map((value) => finite(value, 0)).join(' / '),
  ])
  const head = [
    'model',
    'log score',
    'Brier',
    'both',
    'only model',
    'only real',
    'neither',
    'same message',
    'ms off, 50 / 90 %',
    'messages off, 50 / 90 %',
  ]
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  )
  return [head, widths.map((width) => '-'.repeat(width)), ...rows]
    .map(
      (row) =>
        `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`,
    )
    .join('\n')
}

/** Returns what is printed of one set of data. */
export function describe(answer: Answer): string {
  const { name, resting, filled, told, scored, scoredFilled, splits, views } = answer
  const lines = [
    `${name}: ${resting} orders came to rest and were never modified, ${filled} of them filled.`,
    `At the price of ${told} that waited behind others something traded meanwhile; ${scored} of them are scored, ${scoredFilled} filled.`,
    ...splits.map((fit) => `Who leaves, seen ${fit.where}: ${fitText(fit)}`),
  ]
  for (const { showEveryNs, fits, scores } of views) {
    const how =
      showEveryNs === 0 ? 'with every message' : `every ${showEveryNs / 1e6} ms, trades at once`
    lines.push(
      '',
      `Levels shown ${how}:`,
      ...fits.map((fit) => `Fates, ${fitText(fit)}`),
      '',
      table(scores),
    )
  }
  return lines.join('\n')
}
