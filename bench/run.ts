/**
 * Measures throughput: `npm run bench -- [--only NAME]... [--runs N] [--json]`.
 *
 * Every case runs in a process of its own, so that peak memory is its own and no case runs on code
 * that another one has shaped. Two seconds that do not count, then five rounds in which ours and each
 * peer that `npm run bench:peers` has installed run in turn. Figures are medians over the rounds, and
 * so are the ratios of each round; absolute numbers belong to the machine named. Rounds during which
 * something else took part of the core are taken again (`core-gauge.ts`), and the share of the core
 * stands beside each party.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { BenchResult } from './bench-case.ts'
import { BENCHES } from './benches.ts'
import { CoreGauge } from './core-gauge.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})

const names = Object.keys(BENCHES)
const chosen = values.only ?? names
const unknown = chosen.filter((name) => !names.includes(name))
const runs = Number(values.runs)
/** Loops a second of a whole core, as far as is known. */
let coreBest = 0
/** For how long to look at the core first. */
const LEARN_NS = 5_000_000_000n

/** Runs one case in a child and returns what it measured. */
async function measure(name: string): Promise<BenchResult> {
  const runner = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url))
  const child = fileURLToPath(new URL('child.ts', import.meta.url))
  const args = [runner, child, name, String(runs), String(coreBest)]
  const job = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  job.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    job.on('error', reject).on('close', resolve)
  })
  if (code !== 0) throw new Error(`bench ${name} ended with exit code ${code}`)
  const result = JSON.parse(text) as BenchResult
  coreBest = Math.max(coreBest, result.coreBest)
  return result
}

/** How much of its core a party had, and what that cost. */
function sharesOf(core: readonly number[]): string {
  return `${Math.round(100 * Math.min(...core))} to ${Math.round(100 * Math.max(...core))} %`
}

/** Returns a figure with a prefix: `76.3 M updates/s`. */
function shown(value: number, unit = ''): string {
  const [scale, prefix] = value >= 1e6 ? [1e6, ' M'] : value >= 1e3 ? [1e3, ' k'] : [1, '']
  return `${(value / scale).toPrecision(3)}${prefix}${unit === '' ? '' : ` ${unit}`}`
}

function describe(result: BenchResult): string {
  const { against, beside = [], peerMissing, details = [] } = result
  const better = result.lowerIsBetter ? ' (less is better)' : ''
  const peer =
    against === undefined
      ? peerMissing === undefined
        ? ''
        : `\n  against      nothing: ${peerMissing}`
      : `\n  against      ${against.name}: ${shown(against.median, result.unit)}, ratio ${shown(result.ratio ?? Number.NaN)}, core ${sharesOf(against.core)}`
  const others = beside
    .map(({ name, median, ratio, core }) => {
      return `\n  beside       ${name}: ${shown(median, result.unit)}, ratio ${shown(ratio)}, core ${sharesOf(core)}`
    })
    .join('')
  const table = details.map((line) => `\n  ${line}`).join('')
  return `${result.name}: ${shown(result.median, result.unit)}${better}
  runs         ${result.runs.map((value) => shown(value)).join('  ')}
  core         ${sharesOf(result.core)} of its best, ${result.repeated} rounds taken again${peer}${others}
  what         ${result.note}
  peak memory  ${Math.round(result.peakMemoryMb)} MB
  machine      ${result.machine}${table}
`
}

/** Every figure that was measured beside ours, with the ratio of the two. */
function ratioTable(results: readonly BenchResult[]): string {
  const rows = results.flatMap(({ name, unit, median, against, ratio, beside = [] }) => {
    const first = against === undefined ? [] : [{ ...against, ratio: ratio ?? Number.NaN }]
    return [...first, ...beside].map((other) => [
      name,
      shown(median, unit),
      other.name,
      shown(other.median, unit),
      shown(other.ratio),
    ])
  })
  const table = [['case', 'ours', 'against', 'theirs', 'ratio'], ...rows]
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)))
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

if (unknown.length > 0) {
  process.stderr.write(`bench: unknown name ${unknown.join(', ')}; there are ${names.join(', ')}\n`)
  process.exitCode = 2
} else if (!Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write(`bench: --runs ${values.runs} is not a whole number above 0\n`)
  process.exitCode = 2
} else {
  const results: BenchResult[] = []
  const gauge = new CoreGauge()
  gauge.learn(LEARN_NS)
  coreBest = gauge.best
  for (const name of chosen) {
    const result = await measure(name)
    results.push(result)
    if (!values.json) process.stdout.write(`${describe(result)}\n`)
    else process.stderr.write(`${name}: ${shown(result.median, result.unit)}\n`)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  else if (results.length > 1) process.stdout.write(`${ratioTable(results)}\n`)
}
