/** Measures one case and prints the result as one line of JSON; started by `run.ts`. */
import { cpus, release, totalmem } from 'node:os'
import { tuneCompiler } from 'lobtrader'
import { HighPrecisionClock } from 'lobtrader/time'
import { BENCHES } from './benches.ts'
import type { BenchPeer, BenchResult } from './bench-case.ts'
import { CoreGauge, inTurn } from './core-gauge.ts'

const [, , name = '', runsText = '5', bestText = '0'] = process.argv
const make = BENCHES[name]
if (make === undefined) throw new Error(`no bench is called ${name}`)

// As the command line does.
tuneCompiler()
const bench = await make()
const gauge = new CoreGauge(Number(bestText))

/** What is measured is how a job goes on, not how the compiler finds its way into it. */
const WARM_NS = 2_000_000_000n
/** For how long each party may have a round wait for a whole core. */
const PATIENCE_NS = 60_000_000_000n

/** Has a job go on until its code is compiled. */
async function warm(run: () => number | Promise<number>): Promise<void> {
  const begin = HighPrecisionClock.monotonicNs()
  do await run()
  while (HighPrecisionClock.monotonicNs() - begin < WARM_NS)
}

/** Runs twice: the first run after a while of other work finds everything cold, and does not count. */
async function twice(run: () => number | Promise<number>): Promise<number> {
  await run()
  return await run()
}

/** Has a peer make one figure. */
function figureOf(one: BenchPeer): Promise<number> {
  if (one.run !== undefined) return twice(() => one.run!())
  if (one.measure !== undefined) return one.measure()
  throw new Error(`${one.name} can neither run nor be measured`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const peer = bench.against
const others = [...(peer === undefined ? [] : [peer]), ...(bench.beside ?? [])]
await warm(() => bench.run())
for (const other of others) if (other.run !== undefined) await warm(() => figureOf(other))
const parties = [() => twice(() => bench.run()), ...others.map((other) => () => figureOf(other))]
const patience = PATIENCE_NS * BigInt(parties.length)
const rounds = await inTurn(gauge, Number(runsText), patience, parties)
const runs = rounds.values[0]!
/** What the others made beside us. */
const figures = others.map(({ name }, at) => {
  const theirs = rounds.values[at + 1]!
  return {
    name,
    median: median(theirs),
    runs: theirs,
    core: rounds.shares[at + 1]!,
    // Round by round: what slows a round down slows both of its figures.
    ratio: median(runs.map((value, round) => value / theirs[round]!)),
  }
})
const beside = figures.slice(peer === undefined ? 0 : 1)
const details = [...(bench.details ?? []), ...((await bench.check?.()) ?? [])]
const result: BenchResult = {
  name: bench.name,
  unit: bench.unit,
  lowerIsBetter: bench.lowerIsBetter ?? false,
  median: median(runs),
  runs,
  core: rounds.shares[0]!,
  repeated: rounds.repeated,
  coreBest: gauge.best,
  ...(peer === undefined ? {} : { against: figures[0]!, ratio: figures[0]!.ratio }),
  note: bench.note,
  ...(bench.peerMissing === undefined ? {} : { peerMissing: bench.peerMissing }),
  ...(beside.length === 0 ? {} : { beside }),
  ...(details.length === 0 ? {} : { details }),
  peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
