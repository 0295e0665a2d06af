import { describe, expect, test } from 'vitest'
import { ownModule, resolve } from './module-hooks.ts'

const absent = Object.assign(new Error('absent'), { code: 'ERR_MODULE_NOT_FOUND' })

/** A file system that holds exactly these specifiers. */
function nextWith(...present: string[]): (specifier: string) => Promise<{ url: string }> {
  return (specifier) =>
    present.includes(specifier)
      ? Promise.resolve({ url: `file:///${specifier}` })
      : Promise.reject(absent)
}

const fromTypeScript = { parentURL: 'file:///project/strategy.ts' }

describe('ownModule', () => {
  test('maps the package and its subpaths to this package, wherever the importer lies', () => {
    expect(ownModule('lobtrader')).toMatch(/^file:.*\/dist\/index\.js$/)
    expect(ownModule('lobtrader/book')).toMatch(/^file:.*\/dist\/book\/index\.js$/)
  })

  test.each(['lobtrader-extras', 'lobtrader/absent', './lobtrader', 'zod'])(
    'leaves %s alone',
    (name) => {
      expect(ownModule(name)).toBeUndefined()
    },
  )
})

describe('resolve', () => {
  test('does not ask Node for our own modules', async () => {
    const resolved = await resolve('lobtrader', fromTypeScript, nextWith())
    expect(resolved.url).toBe(ownModule('lobtrader'))
    expect(resolved.shortCircuit).toBe(true)
  })

  test.each([
    ['./quotes.js', './quotes.ts'],
    ['./quotes', './quotes.ts'],
    ['./quotes', './quotes/index.ts'],
    ['./quotes.mjs', './quotes.mts'],
  ])('finds %s at %s for a TypeScript importer', async (specifier, file) => {
    const resolved = await resolve(specifier, fromTypeScript, nextWith(file))
    expect(resolved.url).toBe(`file:///${file}`)
  })

  test('prefers the file as it is spelt', async () => {
    const resolved = await resolve('./a.js', fromTypeScript, nextWith('./a.js', './a.ts'))
    expect(resolved.url).toBe('file:///./a.js')
  })

  test('guesses nothing for a JavaScript importer or a package', async () => {
    const fromJavaScript = { parentURL: 'file:///project/strategy.js' }
    await expect(resolve('./a.js', fromJavaScript, nextWith('./a.ts'))).rejects.toBe(absent)
    await expect(resolve('zod', fromTypeScript, nextWith('zod.ts'))).rejects.toBe(absent)
  })

  test('passes on a failure that is not an absence', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' })
    const next = (): Promise<never> => Promise.reject(denied)
    await expect(resolve('./a', fromTypeScript, next)).rejects.toBe(denied)
  })
})
