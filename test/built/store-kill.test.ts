/** Kills imports at random moments; `LOBTRADER_CAMPAIGN_KILLS` says at how many. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Prng } from '../../src/core/index.ts'
import { eventsDigest, openStore } from '../../src/store/index.ts'
import { temporaryFolder } from '../store-fixture.ts'
import { writeCapture } from './capture.ts'

const CHILD = fileURLToPath(new URL('importing-child.mjs', import.meta.url))
const KILLS = Number(process.env['LOBTRADER_CAMPAIGN_KILLS'] ?? 8)
const LIFE_MS = 250
/** Rows of one partition: less than a block, and more, which a thread encodes. */
const ROWS = [20_000, 150_000] as const

const path = temporaryFolder()

/** Starts an importer, kills it `lifeMs` after its first word; returns the last generation it told. */
async function killedImport(
  dir: string,
  { generation, rows, lifeMs }: { generation: number; rows: number; lifeMs: number },
): Promise<number> {
  const child = spawn(process.execPath, [CHILD, dir, String(generation), String(rows * 2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.on('data', (text: Buffer) => {
    if (told === '') setTimeout(() => child.kill('SIGKILL'), lifeMs)
    told += text.toString()
  })
  const signal = await new Promise((resolve) => {
    child.on('exit', (_, killedBy) => resolve(killedBy))
  })
  expect(signal).toBe('SIGKILL')
  const generations = told.trim().split('\n').slice(1)
  return generations.length === 0 ? generation - 1 : Number(generations.at(-1))
}

/** Everything in the store is whole, of one generation, and not older than what was told. */
function checkStore(dir: string, told: number, rows: number): void {
  const partitions = openStore(dir).partitions()
  expect(partitions.length).toBe(4)
  for (const info of partitions) {
    const events = openStore(dir).load(info)
    expect(eventsDigest(events)).toBe(info.digest)
    expect(events.length).toBe(rows)
    expect(events.lots.every((lots) => lots === events.lots[0])).toBe(true)
    expect(events.lots[0]).toBeGreaterThanOrEqual(told)
    expect(events.lots[0]).toBeLessThanOrEqual(told + 1)
  }
}

it(
  `an import killed at ${KILLS} random moments leaves whole partitions or nothing`,
  async () => {
    const prng = new Prng(Number(process.env['LOBTRADER_CAMPAIGN_SEED'] ?? 1))
    let dir = path()
    let generation = 1
    for (let kill = 0; kill < KILLS; kill++) {
      if (kill % 4 === 0) {
        dir = path()
        generation = 1
      }
      const rows = ROWS[Math.floor(kill / 4) % 2]!
      const lifeMs = prng.next() * LIFE_MS * (rows > ROWS[0] ? 4 : 1)
      const told = await killedImport(dir, { generation, rows, lifeMs })
      if (told >= 1 || existsSync(dir)) checkStore(dir, told, rows)
      generation = told + 1
      const gathering = [dir, dirname(dir)].flatMap((folder) =>
        existsSync(folder)
          ? readdirSync(folder).filter((name) =>
              name.includes(`${folder === dir ? '' : basename(dir)}.import-`),
            )
          : [],
      )
      // The next import has removed what the one before left, so that litter never grows.
      expect(gathering.length).toBeLessThanOrEqual(1)
    }
  },
  KILLS * 5000 + 30_000,
)

const BIN = fileURLToPath(new URL('../../bin/lobtrader.js', import.meta.url))
/** Kills of the command line: a quarter of the others, as each is followed by a whole import. */
const CLI_KILLS = Math.max(2, Math.ceil(KILLS / 4))

/** Runs an import of the command line and kills it after `lifeMs`, if it lives that long. */
async function importFor(args: readonly string[], lifeMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' })
  const timer = lifeMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), lifeMs)
  const status = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  clearTimeout(timer)
  return status
}

/** What the partitions of a store hold, once each is found to be whole. */
function contentOf(dir: string): readonly string[] {
  const store = openStore(dir)
  return store.partitions().map((info) => {
    expect(eventsDigest(store.load(info))).toBe(info.digest)
    return `${info.day} ${info.kind} ${info.events} ${info.digest}`
  })
}

it(
  `an import of a capture killed at ${CLI_KILLS} random moments is completed by running it again`,
  async () => {
    const prng = new Prng(Number(process.env['LOBTRADER_CAMPAIGN_SEED'] ?? 1) + 1)
    const files = path('capture')
    mkdirSync(files)
    const { capture, instrument } = writeCapture(files)
    const whole = path()
    const args = ['import', '--format', 'binance', '--instrument', instrument, capture, '--store']
    const started = process.uptime()
    expect(await importFor([...args, whole])).toBe(0)
    const lifeMs = (process.uptime() - started) * 1000
    const expected = contentOf(whole)
    for (let kill = 0; kill < CLI_KILLS; kill++) {
      const dir = path()
      // The first half of its life goes into starting the process.
      await importFor([...args, dir], lifeMs * (0.4 + 0.6 * prng.next()))
      if (existsSync(dir)) expect(contentOf(dir)).toEqual(expected)
      expect(await importFor([...args, dir])).toBe(0)
      expect(contentOf(dir)).toEqual(expected)
      expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
    }
  },
  CLI_KILLS * 20_000 + 60_000,
)
