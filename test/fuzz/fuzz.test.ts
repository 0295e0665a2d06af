/**
 * Random mutations of every format and of the store's own files, in processes of their own.
 *
 * `npm run campaign -- --mutations 100000` runs them at length; a mutation that went wrong is told
 * by its number and seed.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IMPORT_FORMATS } from '../../src/feed/index.ts'
import type { FuzzResult } from './fuzz-child.ts'

const MUTATIONS = Number(process.env['LOBTRADER_CAMPAIGN_MUTATIONS'] ?? 0)
const SEED = Number(process.env['LOBTRADER_CAMPAIGN_SEED'] ?? 1)
/** Without a campaign: a share of about a second of CPU time. */
const SHARE_MS = 1000
/** The heap of a child, and all that it may take of the machine. */
const HEAP_MB = 256
const PEAK_MB = 640
/** One mutation may take this much CPU time, and no sign of life for this long is a hang. */
const MUTATION_MS = 1000
const SILENCE_MS = 60_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const samplesOf = (name: string): string => `${root}test/format-samples/${name}.ts`
const formats = IMPORT_FORMATS.map(({ name }) => name).filter((name) => existsSync(samplesOf(name)))
// Beside the packages, so that the program finds them.
const folder = mkdtempSync(`${root}node_modules/.lobtrader-fuzz-`)
const program = join(folder, 'fuzz.mjs')

beforeAll(async () => {
  const imports = formats.map(
    (name, i) => `import * as m${i} from ${JSON.stringify(samplesOf(name))}`,
  )
  const table = formats.map((name, i) => `${JSON.stringify(name)}: m${i}`)
  const entry = join(folder, 'entry.ts')
  writeFileSync(
    entry,
    `${imports.join('\n')}
import { runFuzz } from ${JSON.stringify(`${root}test/fuzz/fuzz-child.ts`)}
await runFuzz({ ${table.join(', ')} })\n`,
  )
  writeFileSync(join(folder, 'vitest.ts'), 'export const afterAll = () => {}\n')
  const build = await rolldown({
    input: entry,
    platform: 'node',
    external: [/^node:/, /^zstddec/, /^zod/, /^hyparquet/, /^@duckdb/],
    // Modules of samples share files with tests; no test runs here.
    resolve: { alias: { vitest: join(folder, 'vitest.ts') } },
  })
  await build.write({ file: program, format: 'esm', codeSplitting: false })
  await build.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('random mutations', () => {
  it.each([...formats, 'tape'])('of %s are read or refused with file and place', async (target) => {
    const found = await fuzz(target)
    process.stdout.write(`fuzz ${JSON.stringify({ ...found, faults: undefined })}\n`)
    expect(found.faults).toEqual([])
    expect(found.peakMb).toBeLessThan(PEAK_MB)
    expect(found.slowestMs).toBeLessThan(MUTATION_MS)
    expect(found.mutations).toBeGreaterThan(MUTATIONS > 0 ? MUTATIONS - 1 : 20)
    // Most mutations break something, and some do not: otherwise nothing was tried.
    expect(Object.keys(found.refused).length).toBeGreaterThan(2)
  })
})

/** Runs a campaign in a child. */
async function fuzz(target: string): Promise<FuzzResult> {
  const limits = MUTATIONS > 0 ? [MUTATIONS, 0] : [1_000_000, SHARE_MS]
  const args = [`--max-old-space-size=${HEAP_MB}`, program, target, SEED, 0, ...limits]
  const child = spawn(process.execPath, args.map(String), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let at = ''
  let watchdog: NodeJS.Timeout | undefined
  const watch = (): void => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS)
  }
  watch()
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    at = chunk.toString().slice(-500)
    watch()
  })
  const ended = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(`exit code ${code}, signal ${signal}`))
  })
  clearTimeout(watchdog)
  try {
    return JSON.parse(out) as FuzzResult
  } catch {
    throw new Error(`fuzzing ${target} ended with ${ended} near mutation ${at}`)
  }
}
