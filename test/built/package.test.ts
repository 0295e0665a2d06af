/** The package as a stranger gets it: packed, installed into an empty folder, used. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { name, version, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  name: string
  version: string
  exports: Record<string, string>
}
const subpaths = Object.keys(exports).filter((path) => path !== './package.json')
const specifiers = subpaths.map((path) => path.replace(/^\./, name))
const folder = mkdtempSync(join(tmpdir(), 'lobtrader-package-'))
const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

interface PackedFile {
  readonly path: string
}
let packed: readonly PackedFile[] = []

beforeAll(() => {
  // The build of this test run is packed as it is: `prepare` would swap dist under other tests.
  const answer = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  packed = (JSON.parse(answer) as { files: readonly PackedFile[] }[])[0]!.files
  writeFileSync(join(folder, 'package.json'), '{"name":"stranger","private":true,"type":"module"}')
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))!
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], folder)
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the packed package', () => {
  test('holds what runs and what tells of it, and nothing else', () => {
    const paths = packed.map((file) => file.path)
    const expected = /^(bin\/|dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/
    expect(paths.filter((path) => !expected.test(path))).toEqual([])
    expect(paths.filter((path) => /\.test\.|\.tsbuildinfo$/.test(path))).toEqual([])
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'bin/lobtrader.js']) {
      expect(paths).toContain(file)
    }
  })

  test('its command line tells its version', () => {
    const run = spawnSync(join(folder, 'node_modules/.bin/lobtrader'), ['--version'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe(`${version}\n`)
    expect(run.status).toBe(0)
  })

  test.each(specifiers)('import %s works', (specifier) => {
    const code = `const m = await import('${specifier}'); console.log(Object.keys(m).length)`
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(Number(answer)).toBeGreaterThan(0)
  })

  test('its types serve a strict TypeScript project, and refuse a misspelt parameter', () => {
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'src', 'good.ts'), CONSUMER)
    writeFileSync(join(folder, 'src', 'bad.ts'), CONSUMER.replace('size: 0.5', 'sise: 0.5'))
    const check = (file: string): { status: number | null; stdout: string } => {
      const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
      const flags = '--noEmit --strict --target es2023 --module nodenext --types node'.split(' ')
      const types = ['--typeRoots', join(root, 'node_modules/@types')]
      const args = [tsc, ...flags, ...types, '--exactOptionalPropertyTypes', `src/${file}`]
      return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    }
    expect(check('good.ts')).toMatchObject({ status: 0, stdout: '' })
    const bad = check('bad.ts')
    expect(bad.status).not.toBe(0)
    expect(bad.stdout).toMatch(/sise/)
  })
})

const CONSUMER = `
import { Cerebro, LobFeed, Strategy, constantLatency, powerProbQueue, type Order } from 'lobtrader'
${specifiers.map((specifier, i) => `import * as m${i} from '${specifier}'`).join('\n')}
export const modules = [${specifiers.map((_, i) => `m${i}`).join(', ')}]

class Quiet extends Strategy.with({ size: 0.01, every: '100ms' }) {
  last: Order | undefined
  override start(): void {
    this.every(this.p.every)
  }
  override notifyOrder(order: Order): void {
    this.last = order
    const size: number = this.p.size
    console.log(size)
  }
}

export async function main(): Promise<string> {
  const cerebro = new Cerebro({ cash: 100 })
  cerebro.addData(await LobFeed.open('./store', { symbol: 'BTCUSDT' }), {
    latency: constantLatency({ entry: '1ms', response: '1ms' }),
    queue: powerProbQueue(3),
    fees: { makerBps: -0.5, takerBps: 7 },
  })
  cerebro.addStrategy(Quiet, { size: 0.5 })
  const [result] = await cerebro.run({ progress: true, seed: 1 })
  return result === undefined ? '' : result.summary()
}
`
