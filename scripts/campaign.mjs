/**
 * Runs the seeded random campaigns at full length: `npm run campaign -- [--ops N] [--kills N]
 * [--mutations N] [--seed N] [--streams N]`.
 *
 * In `npm test` the same tests run short. A campaign is a test that reads one of the variables
 * below or `campaignLength` of `test/campaign.ts`; what each does and how many rounds it made is printed by the test itself.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    /** Random operations of each book and ladder campaign. */
    ops: { type: 'string', default: '20000000' },
    /** Imports that are killed at a random moment. */
    kills: { type: 'string', default: '200' },
    /** Mutations of the input of each format and of the store's files. */
    mutations: { type: 'string', default: '100000' },
    /** Seed of the mutations. */
    seed: { type: 'string', default: '1' },
    /** Random tapes that each strategy runs over whole and in windows. */
    streams: { type: 'string', default: '1000' },
  },
})
const settings = {
  LOBTRADER_CAMPAIGN_OPS: values.ops,
  LOBTRADER_CAMPAIGN_KILLS: values.kills,
  LOBTRADER_CAMPAIGN_MUTATIONS: values.mutations,
  LOBTRADER_CAMPAIGN_SEED: values.seed,
  LOBTRADER_CAMPAIGN_STREAMS: values.streams,
}

for (const [name, value] of Object.entries(settings)) {
  if (!/^\d+$/.test(value)) throw new Error(`${name} must be a whole number, was "${value}"`)
}

const tests = ['src', 'test'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true })
    .map((path) => `${folder}/${String(path)}`)
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) =>
      /LOBTRADER_CAMPAIGN_|campaignLength\(/.test(readFileSync(root + path, 'utf8')),
    ),
)
process.stdout.write(`campaigns: ${tests.join(', ')}\n`)
for (const [name, value] of Object.entries(settings)) process.stdout.write(`${name}=${value}\n`)

const started = performance.now()
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
const args = [vitest, 'run', '--reporter=verbose', '--testTimeout=7200000', ...tests]
const run = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, ...settings },
})
const seconds = (performance.now() - started) / 1000
process.stdout.write(`campaigns took ${seconds.toFixed(0)} s, exit code ${run.status}\n`)
process.exitCode = run.status ?? 1
