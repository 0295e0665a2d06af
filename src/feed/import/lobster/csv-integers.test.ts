import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IntegerLine } from './csv-integers.ts'

describe('IntegerLine', () => {
  const read = (text: string, hasTime: boolean): IntegerLine => {
    const line = new IntegerLine(6, hasTime)
    line.read(Buffer.from(`${text}\n`), 0)
    return line
  }

  it('reads what it was written from', () => {
    fc.assert(
      fc.property(
        fc.nat(172_799),
        fc.nat(999_999_999),
        fc.array(fc.integer(), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (seconds, ns, rest, isShort) => {
          const fraction = String(ns).padStart(9, '0')
          const time = `${seconds}.${isShort ? fraction.replace(/0+$/, '') : fraction}`
          const line = read([time, ...rest].join(','), true)
          expect(line.faultField).toBe(-1)
          expect(Array.from(line.values.subarray(0, line.count))).toEqual([
            seconds * 1e9 + ns,
            ...rest,
          ])
        },
      ),
    )
  })

  it('rounds times that were printed from doubles to the nanosecond', () => {
    expect(read('43002.632812672004,1', true).values[0]).toBe(43_002_632_812_672)
    expect(read('43002.632812671999,1', true).values[0]).toBe(43_002_632_812_672)
  })

  it.each([
    ['', 0],
    ['1,,3', 1],
    ['1,2.5', 1],
    ['1, 2', 1],
    ['1,2,3,4,5,6,7', 6],
    ['1,9999999999999999', 1],
    ['1,-', 1],
  ])('stops at the field that is no integer: %j', (text, field) => {
    expect(read(text, false).faultField).toBe(field)
  })
})
