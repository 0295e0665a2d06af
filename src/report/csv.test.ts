import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvCell, csvNumber, csvText } from './csv.ts'

describe('CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['line\nbreak', '"line\nbreak"'],
  ])('text %j becomes %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell)
  })

  test('a number reads back as itself and has no exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = csvNumber(value)
        expect(Number(text)).toBe(value + 0)
        expect(text).toMatch(/^-?\d+(\.\d+)?$/)
      }),
    )
    expect(csvNumber(Number.NaN)).toBe('')
  })

  test('tables of many pieces have one heading and every row once', () => {
    const text = [...csvText([['n', String]], 10_000)].join('')
    expect(text.trimEnd().split('\n')).toEqual([
      'n',
      ...Array.from({ length: 10_000 }, (_, i) => String(i)),
    ])
  })

  test('a table without rows is its heading', () => {
    expect(
      [
        ...csvText(
          [
            ['a', String],
            ['b', String],
          ],
          0,
        ),
      ].join(''),
    ).toBe('a,b\n')
  })
})
