/**
 * Runs one fuzz campaign in a process of its own, whose heap is bounded by the one that starts it.
 *
 * Arguments: target, seed, first mutation, mutations, milliseconds of CPU time (0: what it takes).
 * Prints one JSON document; a mutation is told by seed and number and can be run alone.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LobtraderError, Prng } from '../../src/core/index.ts'
import type { SampleFile, SampleSettings } from '../format-samples/sample.ts'
import { contentOf, mutate, packed } from './mutate.ts'
import { missingPlace, readMutated } from './read-mutated.ts'
import { TapeTarget } from './tape-target.ts'

/** A module of samples. */
export interface SampleModule {
  readonly sampleFiles: () => readonly SampleFile[]
  readonly sampleSettings?: SampleSettings
}

/** What a campaign found. */
export interface FuzzResult {
  readonly target: string
  readonly mutations: number
  /** Read to their end. */
  readonly accepted: number
  /** Refused, by code. */
  readonly refused: Readonly<Record<string, number>>
  /** Rows left out in checks. */
  readonly leftOut: number
  /** Whatever should not have been: the number of the mutation and what happened. */
  readonly faults: readonly string[]
  readonly faultCount: number
  /** CPU time of the slowest mutation. */
  readonly slowestMs: number
  readonly slowest: number
  readonly peakMb: number
}

const FAULTS_TOLD = 10
/** File system in memory: a mutation is written and read once. */
const MEMORY = '/dev/shm'

/** Runs the campaign that the arguments ask for. */
export async function runFuzz(modules: Readonly<Record<string, SampleModule>>): Promise<void> {
  const [target = '', ...numbers] = process.argv.slice(2)
  const [seed = 1, first = 0, count = 1000, milliseconds = 0] = numbers.map(Number)
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'lobtrader-fuzz-'))
  try {
    const campaign = new Campaign(target, seed, folder, modules[target])
    for (let i = first; i < first + count; i++) {
      await campaign.step(i)
      if (milliseconds > 0 && campaign.spentMs > milliseconds) break
    }
    process.stdout.write(`${JSON.stringify(campaign.result)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

class Campaign {
  readonly #target: string
  readonly #seed: number
  readonly #folder: string
  readonly #samples: readonly SampleFile[]
  readonly #settings: SampleSettings
  readonly #tape: TapeTarget | undefined
  readonly #faults: string[] = []
  readonly #refused: Record<string, number> = {}
  #mutations = 0
  #accepted = 0
  #leftOut = 0
  #faultCount = 0
  #slowestMs = 0
  #slowest = -1
  /** CPU time of the process before the first mutation, and behind the last. */
  readonly #cpuMsAtStart = cpuMs()
  #cpuMs = this.#cpuMsAtStart

  constructor(target: string, seed: number, folder: string, module: SampleModule | undefined) {
    this.#target = target
    this.#seed = seed
    this.#folder = folder
    this.#samples = module?.sampleFiles() ?? []
    this.#settings = module?.sampleSettings ?? {}
    this.#tape = target === 'tape' ? new TapeTarget(folder) : undefined
  }

  /** CPU time of all mutations. */
  get spentMs(): number {
    return this.#cpuMs - this.#cpuMsAtStart
  }

  get result(): FuzzResult {
    return {
      target: this.#target,
      mutations: this.#mutations,
      accepted: this.#accepted,
      refused: this.#refused,
      leftOut: this.#leftOut,
      faults: this.#faults,
      faultCount: this.#faultCount,
      slowestMs: Math.round(this.#slowestMs),
      slowest: this.#slowest,
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    }
  }

  async step(i: number): Promise<void> {
    // Whoever waits for this process learns where it hangs.
    if (i % 50 === 0) writeSync(2, `${i}\n`)
    this.#mutations++
    try {
      await this.#read(new Prng(this.#seed, i))
      this.#accepted++
    } catch (error) {
      this.#judge(i, error)
    }
    const before = this.#cpuMs
    this.#cpuMs = cpuMs()
    const took = this.#cpuMs - before
    if (took > this.#slowestMs) {
      this.#slowestMs = took
      this.#slowest = i
    }
  }

  async #read(random: Prng): Promise<void> {
    if (this.#tape !== undefined) {
      this.#tape.read(random)
      return
    }
    const files = this.#write(random)
    const how = { leavesOut: random.nextInt(2) === 0, verify: random.nextInt(4) === 0 }
    const { errors } = await readMutated(this.#target, files, this.#settings, how)
    this.#leftOut += errors.length
    for (const error of errors) {
      const missing = missingPlace(error)
      if (missing !== undefined) throw new Error(`left out with ${missing}: ${error.message}`)
    }
  }

  /** Writes one sample changed, and the others of its input as they are. */
  #write(random: Prng): readonly string[] {
    const together = this.#settings.together === true
    const chosen = random.nextInt(this.#samples.length)
    const inputs = together ? this.#samples : [this.#samples[chosen]!]
    return inputs.map((sample, i) => {
      const isChanged = !together || i === chosen
      // Behind a checksum of its packing no change of the content would be seen.
      const source = random.nextInt(4) > 0 ? contentOf(sample.bytes) : sample.bytes
      const bytes = isChanged ? mutate(source, random) : Buffer.from(sample.bytes)
      const path = join(this.#folder, sample.name)
      writeFileSync(path, isChanged ? packed(bytes, sample.name, random) : bytes)
      return path
    })
  }

  #judge(i: number, error: unknown): void {
    if (error instanceof LobtraderError) {
      const missing = missingPlace(error)
      if (missing === undefined) {
        this.#refused[error.code] = (this.#refused[error.code] ?? 0) + 1
        return
      }
      this.#fault(`mutation ${i}: ${missing}: ${error.message.slice(0, 300)}`)
      return
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#fault(`mutation ${i}: ${text.slice(0, 900)}`)
  }

  #fault(text: string): void {
    this.#faultCount++
    if (this.#faults.length < FAULTS_TOLD) this.#faults.push(text)
  }
}
