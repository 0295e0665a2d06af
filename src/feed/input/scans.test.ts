import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../core/index.ts'
import { instantNs } from '../../time/index.ts'
import { CsvRow } from './csv-row.ts'
import { DecimalFault, DecimalScan } from './decimal-scan.ts'
import { TimeScan, type TimeUnit } from './time-scan.ts'

/** The text inside of other bytes, so that a scan that reads too far shows. */
const framed = (text: string): { bytes: Uint8Array; from: number; to: number } => {
  const bytes = Buffer.from(`7${text}7.7e7`)
  return { bytes, from: 1, to: 1 + Buffer.byteLength(text) }
}

describe('CsvRow', () => {
  const fields = (line: string, separator = ','): string[] | string => {
    const { bytes, from, to } = framed(line)
    const row = new CsvRow()
    const fault = row.split(bytes, from, to, separator.charCodeAt(0))
    return fault === '' ? row.texts() : fault
  }

  it('finds fields, blanks around them cut, empty ones too', () => {
    expect(fields('a, b ,,c,')).toEqual(['a', 'b', '', 'c', ''])
    expect(fields('a;b,c\r', ';')).toEqual(['a', 'b,c'])
    expect(fields('a\t\tb', '\t')).toEqual(['a', '', 'b'])
    expect(fields('')).toEqual([])
    expect(fields('  \r')).toEqual([])
  })

  it('reads quotes by RFC 4180', () => {
    expect(fields('"a,b",c,"say ""so""" ,""')).toEqual(['a,b', 'c', 'say "so"', ''])
    expect(fields('"a,b')).toBe('a quote that does not end')
    expect(fields('"a"b,c')).toBe('a quote that does not end')
  })

  it('gives back any fields that a writer quotes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', 'é', '1'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 40, size: 'max' }), (cells) => {
        const line = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')
        expect(fields(line)).toEqual(cells)
      }),
      { numRuns: 200 },
    )
  })

  it('refuses a row of more fields than any table has', () => {
    expect(fields(','.repeat(1023))).toHaveLength(1024)
    expect(fields(','.repeat(1024))).toBe('too many fields')
  })

  it('compares a field with a word', () => {
    const row = new CsvRow()
    row.split(Buffer.from('buy,sell'), 0, 8, 44)
    expect(row.equals(1, Buffer.from('sell'))).toBe(true)
    expect(row.equals(0, Buffer.from('bu'))).toBe(false)
    expect(row.equals(2, Buffer.from(''))).toBe(false)
    expect([row.isEmpty(0), row.isEmpty(2)]).toEqual([false, true])
  })
})

describe('DecimalScan', () => {
  const scan = new DecimalScan()
  const read = (text: string): [number, number] | 'none' | 'long' => {
    const { bytes, from, to } = framed(text)
    const fault = scan.read(bytes, from, to)
    if (fault === DecimalFault.None) return [scan.mantissa, scan.scale]
    return fault === DecimalFault.NotDecimal ? 'none' : 'long'
  }

  it('reads plain decimals as parseDecimal does', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 19 })
    fc.assert(
      fc.property(fc.constantFrom('', '-'), digits, digits, (sign, whole, fraction) => {
        const text = `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
        let expected: readonly [number, number] | undefined
        try {
          const { mantissa, scale } = parseDecimal(text)
          expected = [mantissa + 0, scale]
        } catch {
          expected = undefined
        }
        const found = read(text)
        if (expected === undefined) expect(typeof found).toBe('string')
        else {
          expect(typeof found, text).not.toBe('string')
          const [mantissa, scale] = found as [number, number]
          expect(BigInt(mantissa) * 10n ** BigInt(expected[1])).toBe(
            BigInt(expected[0]) * 10n ** BigInt(scale),
          )
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('reads exponents exactly', () => {
    expect(read('1e-05')).toEqual([1, 5])
    expect(read('1.50E-3')).toEqual([150, 5])
    expect(read('-2.5e+3')).toEqual([-2500, 0])
    expect(read('6.1e4')).toEqual([61000, 0])
    expect(read('0e-400')).toEqual([0, 0])
    expect(read('-0')).toEqual([0, 0])
    expect(read('0.10000000000000000000')).toEqual([100_000_000_000_000, 15])
  })

  it('tells what is no decimal from what is too long', () => {
    for (const text of ['', '-', '.', '1.2.3', '1e', '1e+', '1e5x', 'nan', '0x10', '1,5', '1 0']) {
      expect(read(text), text).toBe('none')
    }
    for (const text of ['9007199254740993', '1e-16', '1e30', '0.1234567890123456']) {
      expect(read(text), text).toBe('long')
    }
    expect(read('9007199254740991')).toEqual([9_007_199_254_740_991, 0])
  })
})

describe('TimeScan', () => {
  const scan = new TimeScan()
  const read = (text: string, unit: TimeUnit): bigint | undefined => {
    const { bytes, from, to } = framed(text)
    if (!scan.read(bytes, from, to, unit)) return undefined
    return BigInt(scan.seconds) * 1_000_000_000n + BigInt(scan.nanos)
  }

  it('reads counts of every unit, with decimals, to the nanosecond', () => {
    expect(read('1583020803.145', 's')).toBe(1_583_020_803_145_000_000n)
    expect(read('1598918403696', 'ms')).toBe(1_598_918_403_696_000_000n)
    expect(read('1598918403696000', 'us')).toBe(1_598_918_403_696_000_000n)
    expect(read('1598918403696000001', 'ns')).toBe(1_598_918_403_696_000_001n)
    expect(read('1598918403696.25', 'ms')).toBe(1_598_918_403_696_250_000n)
    expect(read('7', 'ns')).toBe(7n)
    expect(read('0', 's')).toBe(0n)
    // Printing a double leaves decimals beyond the nanosecond.
    expect(read('1583020803.9999999996', 's')).toBe(1_583_020_804_000_000_000n)
  })

  it('refuses what is no count, or one of a finer unit', () => {
    for (const text of ['', '.5', '-1', '1e9', '15x', '1598918403696', '1.2.3']) {
      expect(read(text, 's'), text).toBeUndefined()
    }
    expect(read('1598918403696000', 'ms')).toBeUndefined()
  })

  it('reads ISO 8601 as the library does, and the shapes that vendors write', () => {
    const ns = fc.bigInt(0n, 4_102_444_800_000_000_000n)
    fc.assert(
      fc.property(ns, fc.constantFrom('Z', '', '+08:00', '-0330'), (unixNs, zone) => {
        const iso = new Date(Number(unixNs / 1_000_000n)).toISOString().slice(0, 19)
        const text = `${iso}.${String(unixNs % 1_000_000_000n).padStart(9, '0')}${zone}`
        expect(read(text, 'iso')).toBe(instantNs(text))
        expect(Number.isNaN(scan.offset)).toBe(zone === '')
      }),
      { numRuns: 500 },
    )
    const expected = instantNs('2013-01-02T22:05:00.295Z')
    for (const text of [
      '2013-01-02 22:05:00.295000+00:00',
      '2013/01/02 22:05:00.295',
      '20130102 22:05:00.295Z',
      '2013-01-02T23:05:00.295+01',
    ]) {
      expect(read(text, 'iso'), text).toBe(expected)
    }
    expect(read('2013-01-02', 'iso')).toBe(instantNs('2013-01-02'))
    expect(read('2024-02-29 07:30', 'iso')).toBe(instantNs('2024-02-29T07:30'))
  })

  it('refuses moments that are none', () => {
    for (const text of [
      '2023-02-29',
      '2013-13-01',
      '2013-1-1',
      '2013-01-01 24:00',
      '2013-01-01 10:60',
      '2013-01-01 10:00:61',
      '2013-01-01 10:00:00.',
      '2013-01-01 10:00:00 UTC',
      '2013-01/01',
      '1969-12-31',
      'yesterday',
    ]) {
      expect(read(text, 'iso'), text).toBeUndefined()
    }
  })
})
