/** Examples and the README's programs do what they are shown to do. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from './run-cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { path: folder, remove } = temporaryFolder()
afterAll(remove)

function run(file: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run.mjs'), file],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

describe('examples', () => {
  const examples = readdirSync(`${root}examples`).filter((file) => file.endsWith('.ts'))

  test.each(examples)('%s runs, says something, and is short', (file) => {
    const path = join(root, 'examples', file)
    expect(run(path)).not.toBe('')
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThanOrEqual(60)
  })
})

describe('pages', () => {
  const programs = ['README.md', 'docs/feeds.md'].flatMap((page) => {
    const found = readFileSync(root + page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)
    return [...found].map((match, i) => [page, i + 1, match[1]!] as const)
  })

  test.each(programs)('%s: its program %i runs', (page, i, text) => {
    const file = join(folder, `${page.replaceAll('/', '-')}-${i}.ts`)
    writeFileSync(file, text)
    expect(run(file)).not.toBe('')
  })

  test('every script that documents name exists', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      scripts: Record<string, string>
    }
    const pages = ['README.md', 'CONTRIBUTING.md', 'docs/guide.md'].map((page) =>
      readFileSync(root + page, 'utf8'),
    )
    const named = [...pages.join('\n').matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  })

  test('every link to a file of the repository finds it', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'docs/guide.md', 'docs/concepts.md']
    const broken = pages.flatMap((page) =>
      [...readFileSync(root + page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map((match) => join(root, page, '..', match[1]!))
        .filter((path) => !readdirSync(join(path, '..')).includes(path.split('/').at(-1)!)),
    )
    expect(broken).toEqual([])
  })
})
