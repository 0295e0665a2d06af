/** Measures one case and prints the result as one line of JSON; started by `run.ts`. */
import { cpus, release, totalmem } from 'node:os'
import { HighPrecisionClock } from 'lobtrader/time'
import { BENCHES } from './benches.ts'
import type { BenchPeer, BenchResult } from './bench-case.ts'
import { CoreGauge, onWholeCore, type GaugedRuns } from './core-gauge.ts'

const [, , name = '', runsText = '5', bestText = '0'] = process.argv
const make = BENCHES[name]
if (make === undefined) throw new Error(`no bench is called ${name}`)

const bench = await make()
const gauge = new CoreGauge(Number(bestText))

/** What is measured is how a job goes on, not how the compiler finds its way into it. */
const WARM_NS = 2_000_000_000n
/** For how long a party may wait for a core of its own. */
const PATIENCE_NS = 60_000_000_000n

async function repeat(run: () => number | Promise<number>): Promise<GaugedRuns<number>> {
  const begin = HighPrecisionClock.monotonicNs()
  do await run()
  while (HighPrecisionClock.monotonicNs() - begin < WARM_NS)
  return await onWholeCore(gauge, Number(runsText), PATIENCE_NS, run)
}

async function peerFigures(one: BenchPeer): Promise<GaugedRuns<number>> {
  if (one.run !== undefined) return await repeat(() => one.run!())
  return await onWholeCore(gauge, Number(runsText), PATIENCE_NS, () => {
    if (one.measure === undefined) throw new Error(`${one.name} can neither run nor be measured`)
    return one.measure()
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const own = await repeat(() => bench.run())
const runs = own.values
const peer = bench.against
const peers = peer === undefined ? undefined : await peerFigures(peer)
const beside: NonNullable<BenchResult['beside']>[number][] = []
for (const other of bench.beside ?? []) {
  const { values, shares } = await peerFigures(other)
  const figure = median(values)
  const ratio = median(runs) / figure
  beside.push({ name: other.name, median: figure, runs: values, core: shares, ratio })
}
const details = [...(bench.details ?? []), ...((await bench.check?.()) ?? [])]
const result: BenchResult = {
  name: bench.name,
  unit: bench.unit,
  lowerIsBetter: bench.lowerIsBetter ?? false,
  median: median(runs),
  runs,
  core: own.shares,
  repeated: own.repeated,
  coreBest: gauge.best,
  ...(peer === undefined || peers === undefined
    ? {}
    : {
        against: {
          name: peer.name,
          median: median(peers.values),
          runs: peers.values,
          core: peers.shares,
        },
        ratio: median(runs) / median(peers.values),
      }),
  note: bench.note,
  ...(bench.peerMissing === undefined ? {} : { peerMissing: bench.peerMissing }),
  ...(beside.length === 0 ? {} : { beside }),
  ...(details.length === 0 ? {} : { details }),
  peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
