/** Kills imports at random moments; `LOBTRADER_CAMPAIGN_KILLS` says at how many. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Prng } from '../../src/core/index.ts'
import { eventsDigest, openStore } from '../../src/store/index.ts'
import { temporaryFolder } from '../store-fixture.ts'

const CHILD = fileURLToPath(new URL('importing-child.mjs', import.meta.url))
const KILLS = Number(process.env['LOBTRADER_CAMPAIGN_KILLS'] ?? 8)
const LIFE_MS = 250

const path = temporaryFolder()

/** Starts an importer, kills it `lifeMs` after its first word; returns the last generation it told. */
async function killedImport(dir: string, generation: number, lifeMs: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, dir, String(generation)], {
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
function checkStore(dir: string, told: number): void {
  const partitions = openStore(dir).partitions()
  expect(partitions.length).toBe(4)
  for (const info of partitions) {
    const events = openStore(dir).load(info)
    expect(eventsDigest(events)).toBe(info.digest)
    expect(events.length).toBe(20_000)
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
      const told = await killedImport(dir, generation, prng.next() * LIFE_MS)
      if (told >= 1 || existsSync(dir)) checkStore(dir, told)
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
