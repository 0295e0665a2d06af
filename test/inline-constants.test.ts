import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lobtrader-inline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const script = new URL('../scripts/inline-constants.mjs', import.meta.url).href
const { inlineConstants } = (await import(/* @vite-ignore */ script)) as {
  inlineConstants: (folder: string) => number
}

/** Writes modules, lets the build's script at them, and returns what became of one. */
function inlined(modules: Readonly<Record<string, string>>, name: string): string {
  const dir = mkdtempSync(join(folder, 'modules-'))
  for (const [file, text] of Object.entries(modules)) writeFileSync(join(dir, file), text)
  inlineConstants(dir)
  return readFileSync(join(dir, name), 'utf8')
}

const KINDS = `export const MASK = 0x0f
export const SHIFT = 1 << 3
export const LOWEST = -2147483648
export const Kind = { Trade: 1, Depth: SHIFT - 6 }
export const NAMES = { trade: 'trade' }
export const count = Number('7')
`

describe('the constants of a built module', () => {
  it('are written into those that use them, through an index too', () => {
    const text = inlined(
      {
        'kinds.js': KINDS,
        'index.js': "export * from './kinds.js'\nexport { MASK as BITS } from './kinds.js'\n",
        'use.js': `import { BITS, Kind, LOWEST, SHIFT as BY } from './index.js'
export const isDepth = (code) => (code & BITS) === Kind.Depth
export const least = (x) => x -LOWEST << BY
export const all = { BITS, BY: BY }
`,
      },
      'use.js',
    )
    expect(text).toContain('(code & 15) === 2')
    expect(text).toContain('x -(-2147483648) << 8')
    expect(text).toContain('{ BITS: 15, BY: 8 }')
  })

  it('stay names where a name is declared again, is no number, or is no variable', () => {
    const use = `import { Kind, MASK, NAMES, SHIFT, count } from './kinds.js'
export function shadowed(MASK) { return MASK }
export const names = (of) => [NAMES.trade, count, of.SHIFT, Kind]
export class Of { SHIFT = Kind.Other; Kind() { return this.SHIFT } }
`
    expect(inlined({ 'kinds.js': KINDS, 'use.js': use }, 'use.js')).toBe(use)
  })

  it('are what the modules compute with them', async () => {
    const use = `import { Kind, LOWEST, MASK, SHIFT } from './kinds.js'
export default [MASK & 9, SHIFT, LOWEST + 1, Kind.Trade, { ...Kind }.Depth, \`\${MASK}\`, ((MASK = 3) => MASK)()]
`
    const asWritten = [9, 8, -2147483647, 1, 2, '15', 3]
    for (const text of [use, inlined({ 'kinds.js': KINDS, 'use.js': use }, 'use.js')]) {
      const bare = `${KINDS.replaceAll('export ', '')}\n${text.replace(/^import.*$/m, '')}`
      const url = `data:text/javascript,${encodeURIComponent(bare)}`
      const module = (await import(/* @vite-ignore */ url)) as { default: unknown }
      expect(module.default).toEqual(asWritten)
    }
  })
})
