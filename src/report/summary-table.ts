/** The result of a run as a table for a terminal. */
import type { RunAnalyses, RunRecord } from '../engine/index.ts'
import { analysesOf } from './analyses.ts'
import { figureGroups, type Figure } from './figures.ts'
import { spanText } from './number-text.ts'
import { parameterText, runTitle } from './run-title.ts'

/** Options of {@link summaryTable}. */
export interface SummaryOptions {
  /** Use ANSI colours; default false. */
  readonly color?: boolean
}

const STYLES = { bold: '1', dim: '2', good: '32', bad: '31' } as const

/** Returns an aligned table of the run, with units, ending in a line feed. */
export function summaryTable(
  record: RunRecord,
  options: SummaryOptions = {},
  analyses: RunAnalyses = analysesOf(record),
): string {
  const paint = (style: keyof typeof STYLES, text: string): string =>
    options.color === true ? `\u001B[${STYLES[style]}m${text}\u001B[0m` : text
  const title = runTitle(record)
  const groups = [
    ...figureGroups(record, analyses),
    { title: 'Latency', figures: record.source === 'bars' ? [] : latencyFigures(analyses) },
  ].filter((group) => group.figures.length > 0)
  const all = groups.flatMap((group) => group.figures)
  const labelWidth = Math.max(...all.map((figure) => figure.label.length))
  // Long values without a note must not push the notes of all others away.
  const valueWidth = Math.max(
    ...all.filter((figure) => figure.note !== undefined).map((figure) => figure.value.length),
  )
  const line = (figure: Figure): string => {
    const value = figure.value.padStart(valueWidth)
    const shown = figure.label === 'Net profit' ? paint(tone(analyses.pnl.net), value) : value
    const note = figure.note === undefined ? '' : `  ${paint('dim', figure.note)}`
    return `  ${figure.label.padEnd(labelWidth)}  ${shown}${note}`
  }
  return [
    paint('bold', `${title.strategy} on ${title.symbol} (${title.venue}, ${title.kind})`),
    `${title.period}, ${title.span}`,
    ...groups.flatMap((group) => ['', paint('bold', group.title), ...group.figures.map(line)]),
    ...pairLines('Parameters', record.parameters, paint),
    ...pairLines('Settings', record.settings, paint),
    '',
  ].join('\n')
}

function tone(net: number): 'good' | 'bad' | 'bold' {
  return net > 0 ? 'good' : net < 0 ? 'bad' : 'bold'
}

function latencyFigures({ orderLatency }: RunAnalyses): Figure[] {
  const legs = { Entry: 'entry', Response: 'response', 'Round trip': 'roundTrip', Cancel: 'cancel' }
  return Object.entries(legs).flatMap(([label, leg]): Figure[] => {
    const { count, p50, p99, max } = orderLatency[leg as keyof typeof orderLatency]
    if (count === 0) return []
    return [
      { label, value: spanText(p50), note: `median; 99 % ${spanText(p99)}, most ${spanText(max)}` },
    ]
  })
}

const LINE_WIDTH = 96

/** Pairs one after the other, broken at the width of a terminal. */
function pairLines(
  title: string,
  pairs: Readonly<Record<string, unknown>>,
  paint: (style: 'bold', text: string) => string,
): string[] {
  const texts = Object.entries(pairs).map(([name, value]) => `${name} ${parameterText(value)}`)
  if (texts.length === 0) return []
  const lines = ['']
  for (const [i, text] of texts.entries()) {
    const part = i < texts.length - 1 ? `${text}; ` : text
    if (lines.at(-1) !== '' && lines.at(-1)!.length + part.length > LINE_WIDTH) lines.push('')
    lines[lines.length - 1] += part
  }
  return ['', paint('bold', title), ...lines.map((line) => `  ${line.trimEnd()}`)]
}
