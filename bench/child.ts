/** Measures one case and prints the result as one line of JSON; started by `run.ts`. */
import { cpus, release, totalmem } from 'node:os'
import { HighPrecisionClock } from 'lobtrader/time'
import { BENCHES } from './benches.ts'
import type { BenchPeer, BenchResult } from './bench-case.ts'

const [, , name = '', runsText = '5'] = process.argv
const make = BENCHES[name]
if (make === undefined) throw new Error(`no bench is called ${name}`)

const bench = await make()

/** What is measured is how a job goes on, not how the compiler finds its way into it. */
const WARM_NS = 2_000_000_000n

async function repeat(run: () => number | Promise<number>): Promise<number[]> {
  const figures: number[] = []
  const begin = HighPrecisionClock.monotonicNs()
  do await run()
  while (HighPrecisionClock.monotonicNs() - begin < WARM_NS)
  for (let i = 0; i < Number(runsText); i++) {
    // What the run before has left behind must not be collected on this one's time.
    globalThis.gc?.()
    figures.push(await run())
  }
  return figures
}

async function peerFigures(one: BenchPeer): Promise<readonly number[]> {
  if (one.measure !== undefined) return await one.measure(Number(runsText))
  if (one.run === undefined) throw new Error(`${one.name} can neither run nor be measured`)
  return await repeat(() => one.run!())
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const runs = await repeat(() => bench.run())
const peer = bench.against
const peerRuns = peer === undefined ? [] : await peerFigures(peer)
const beside: NonNullable<BenchResult['beside']>[number][] = []
for (const other of bench.beside ?? []) {
  const figures = await peerFigures(other)
  const figure = median(figures)
  beside.push({ name: other.name, median: figure, runs: figures, ratio: median(runs) / figure })
}
const details = [...(bench.details ?? []), ...((await bench.check?.()) ?? [])]
const result: BenchResult = {
  name: bench.name,
  unit: bench.unit,
  lowerIsBetter: bench.lowerIsBetter ?? false,
  median: median(runs),
  runs,
  ...(peer === undefined
    ? {}
    : {
        against: { name: peer.name, median: median(peerRuns), runs: peerRuns },
        ratio: median(runs) / median(peerRuns),
      }),
  note: bench.note,
  ...(bench.peerMissing === undefined ? {} : { peerMissing: bench.peerMissing }),
  ...(beside.length === 0 ? {} : { beside }),
  ...(details.length === 0 ? {} : { details }),
  peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
