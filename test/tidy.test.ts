import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../src/core/index.ts'
import { LAYERS, importCycles, layerViolations } from './tidy/layers.ts'
import {
  bannedCalls,
  formViolations,
  kernelViolations,
  machinePaths,
  namedPaths,
  undocumentedCodes,
} from './tidy/rules.ts'
import { parseModule } from './tidy/source-module.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['.ci', 'bench', 'bin', 'docs', 'examples', 'scripts', 'src', 'test', 'ui']
const BLOB_BYTES_MAX = 256 * 1024

/** Files of the repository, relative to its root. */
function filesBelow(folder: string): string[] {
  if (!existsSync(root + folder)) return []
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory())
      return ['dist', 'node_modules'].includes(entry.name) ? [] : filesBelow(path)
    return [path]
  })
}

const rootFiles = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
  .map((entry) => entry.name)
  .filter((name) => /\.(md|json|ts|js|mjs)$/.test(name))
const files = [...rootFiles, ...FOLDERS.flatMap(filesBelow)]
const textOf = (path: string): string => readFileSync(root + path, 'utf8')
const modules = files
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => parseModule(path, textOf(path)))

describe('the repository', () => {
  test('every import follows the layer table', () => {
    expect(layerViolations(modules)).toEqual([])
  })

  test('no file imports itself through others', () => {
    expect(importCycles(modules)).toEqual([])
  })

  test('machine time and chance are read only where the table allows', () => {
    const source = modules.filter((module) => /^(src|examples)\//.test(module.path))
    expect(source.flatMap(bannedCalls)).toEqual([])
  })

  test('kernels neither allocate nor wait', () => {
    expect(modules.flatMap(kernelViolations)).toEqual([])
  })

  test('files are short, finished and documented', () => {
    expect(modules.flatMap(formViolations)).toEqual([])
  })

  test('every error code has its row in docs/errors.md, and no row lacks a code', () => {
    expect(undocumentedCodes(ERROR_CODES, textOf('docs/errors.md'))).toEqual([])
  })

  test('no file names a path of one machine', () => {
    const texts = files.filter((path) => /\.(ts|js|mjs|json|md|yml|html|css)$|^\.ci\//.test(path))
    expect(texts.flatMap((path) => machinePaths(path, textOf(path)))).toEqual([])
  })

  test('every path that a page names is there', () => {
    const pages = files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md')
    const named = pages.flatMap((path) => namedPaths(textOf(path)))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !existsSync(root + path))).toEqual([])
  })

  test('no file is a blob', () => {
    expect(files.filter((path) => statSync(root + path).size > BLOB_BYTES_MAX)).toEqual([])
  })

  test('every folder of src has a layer', () => {
    const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((e) =>
      e.isDirectory(),
    )
    expect(
      folders.map((folder) => folder.name).filter((name) => LAYERS[name] === undefined),
    ).toEqual([])
  })
})

/** The rules must be able to fail: each sees a planted fault and lets its lawful twin pass. */
describe('the rules', () => {
  const layers = (path: string, specifier: string): string[] =>
    layerViolations([parseModule(path, `import { a } from '${specifier}'`)])

  test.each([
    ['src/core/a.ts', '../time/index.ts', /core may not see time/],
    ['src/book/a.ts', '../store/index.ts', /book may not see store/],
    ['src/feed/a.ts', '../study/index.ts', /feed may not see study/],
    ['src/strategy/a.ts', '../store/index.ts', /strategy may not see store/],
    ['src/strategy/a.ts', 'node:fs', /must not reach the machine/],
    ['src/live/a.ts', '../venue/index.ts', /live may not see venue/],
    ['src/report/a.ts', '../cli/index.ts', /report may not see cli/],
    ['src/engine/a.ts', '../book/ladder.ts', /go through src\/book\/index\.ts/],
    ['src/engine/a.ts', './index.ts', /own index\.ts/],
    ['src/engine/a.ts', '../index.ts', /for users only/],
    ['src/index.ts', './cli/main.ts', /no command line/],
    ['src/helpers/a.ts', '../core/index.ts', /has no layer/],
  ])('%s may not import %s', (path, specifier, sentence) => {
    expect(layers(path, specifier)).toEqual([expect.stringMatching(sentence)])
  })

  test.each([
    ['src/live/a.ts', '../feed/index.ts'],
    ['src/engine/a.ts', '../venue/index.ts'],
    ['src/engine/a.ts', './timers.ts'],
    ['src/store/a.ts', 'node:fs'],
    ['src/cli/a.ts', '../report/index.ts'],
    ['src/index.ts', './engine/index.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(layers(path, specifier)).toEqual([])
  })

  test('layers are seen behind type imports, re-exports and dynamic imports', () => {
    const texts = [
      "import type { A } from '../engine/index.ts'",
      "export { a } from '../engine/index.ts'",
      "const a = await import('../engine/index.ts')",
      "type A = import('../engine/index.ts').A",
    ]
    for (const text of texts) {
      expect(layerViolations([parseModule('src/core/a.ts', text)])).toHaveLength(1)
    }
  })

  test('a cycle is named file by file', () => {
    const cycle = [
      parseModule('src/a/one.ts', "import './two.ts'"),
      parseModule('src/a/two.ts', "import './three.ts'"),
      parseModule('src/a/three.ts', "import './one.ts'"),
      parseModule('src/a/four.ts', "import './one.ts'"),
    ]
    expect(importCycles(cycle)).toEqual([
      'src/a/one.ts -> src/a/two.ts -> src/a/three.ts -> src/a/one.ts',
    ])
    expect(importCycles(cycle.slice(1))).toEqual([])
  })

  test.each([
    'Date.now()',
    'const now = performance.now',
    'process.hrtime.bigint()',
    'Math.random()',
    'globalThis.Math.random()',
    'setTimeout(() => {}, 1)',
    'new Date()',
    "eval('1')",
    "new Function('1')",
  ])('%s is banned outside time/', (code) => {
    expect(bannedCalls(parseModule('src/engine/a.ts', code))).toHaveLength(1)
    expect(bannedCalls(parseModule('src/time/a.ts', code))).toEqual([])
  })

  test('a date from a number and a comment about Math.random are allowed', () => {
    const module = parseModule('src/engine/a.ts', '// not Math.random()\nnew Date(0)\n')
    expect(bannedCalls(module)).toEqual([])
  })

  test.each([
    'while (a) new Float64Array(1)',
    'for (;;) f({ a: 1 })',
    'for (;;) f([1])',
    'f(() => 1)',
    'for (const x of y) f(x)',
    'try { f() } finally { g() }',
  ])('a kernel may not hold %s', (body) => {
    const text = `export function k() { ${body} }`
    expect(kernelViolations(parseModule('src/book/a.kernel.ts', text)).length).toBeGreaterThan(0)
    expect(kernelViolations(parseModule('src/book/a.ts', text))).toEqual([])
  })

  test('a kernel may hand back a record, and may throw from its loop', () => {
    const text = 'export function k() { for (;;) { throw new E(`${i}`) } return { a: [1] } }'
    expect(kernelViolations(parseModule('src/book/a.kernel.ts', text))).toEqual([])
  })

  test('a long file, a mark of unfinished work and a bare export are seen', () => {
    expect(formViolations(parseModule('src/a/a.ts', 'f()\n'.repeat(401)))).toHaveLength(1)
    expect(formViolations(parseModule('src/a/a.ts', 'f()\n'.repeat(400)))).toEqual([])
    expect(
      formViolations(parseModule('src/a/a.ts', '// TO-DO: later'.replace('-', ''))),
    ).toHaveLength(1)
    expect(formViolations(parseModule('src/a/a.ts', 'export function f() {}'))).toHaveLength(1)
    expect(
      formViolations(parseModule('src/a/a.ts', '/** Does. */\nexport function f() {}')),
    ).toEqual([])
  })

  test('a path of one machine is seen, a URL and a relative path are not', () => {
    const home = ['', 'home', 'me', 'data'].join('/')
    expect(machinePaths('a.md', `see ${home}`)).toHaveLength(1)
    expect(machinePaths('a.md', `see https://example.org${home} and ..${home}`)).toEqual([])
  })

  test('a path in code marks is seen, a command and a pattern are not', () => {
    expect(namedPaths('see `src/a.ts` and `npm run x` and `src/*/index.ts`')).toEqual(['src/a.ts'])
  })

  test('a code without a row, a row without a code and a row twice are seen', () => {
    const page = '| `BAD_JSON` | x | y |\n| `BAD_JSON` | x | y |\n| `GONE` | x | y |\n'
    expect(undocumentedCodes(['BAD_JSON', 'OFF_GRID'], page)).toEqual([
      'docs/errors.md lacks OFF_GRID',
      'docs/errors.md tells of GONE, which no code has',
      'docs/errors.md has BAD_JSON twice',
    ])
  })
})
