import { describe, expect, test } from 'vitest'
import { TypeScriptFault, stripTypes } from './type-stripper.ts'

function faultOf(source: string): TypeScriptFault {
  try {
    stripTypes(source, 'a.ts')
  } catch (error) {
    if (error instanceof TypeScriptFault) return error
    throw error
  }
  throw new Error('no fault was found')
}

describe('stripTypes', () => {
  test('keeps every line and column in its place', () => {
    const source = 'type A = number\nconst a: A = 1 as A; throw new Error(`${a!}`)\n'
    const stripped = stripTypes(source, 'a.ts')
    expect(stripped.split('\n').map((line) => line.length)).toEqual(
      source.split('\n').map((line) => line.length),
    )
    expect(stripped.indexOf('throw')).toBe(source.indexOf('throw'))
    expect(stripped).not.toMatch(/type|: A|as A/)
  })

  test('rewrites enums and parameter properties, which have no JavaScript twin', async () => {
    const code = stripTypes(
      'enum Side { Buy = 1 }\nclass P { constructor(readonly side: Side) {} }\nexport const p = new P(Side.Buy).side',
      'a.ts',
    )
    expect(code).toMatch(/sourceMappingURL=data:/)
    const url = `data:text/javascript,${encodeURIComponent(code)}`
    expect((await import(url)) as unknown).toMatchObject({ p: 1 })
  })

  test('names line and column of a syntax error, from 1', () => {
    expect(faultOf('const a = 1\nconst b = ]\n').fault).toMatchObject({ line: 2, column: 11 })
    expect(faultOf('const a = 1\nconst b = ]\n').message).not.toBe('')
  })
})
