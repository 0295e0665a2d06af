import { describe, expect, it } from 'vitest'
import { npyHeader } from '../../../../test/hftbacktest-arrays.ts'
import { RECORD_FIELDS } from './event-record.ts'
import { parseNpyHeader } from './npy-header.ts'

describe('parseNpyHeader', () => {
  it('reads what NumPy writes, in all three versions', () => {
    const version1 = npyHeader(7)
    expect(parseNpyHeader(version1)).toEqual({
      dataOffset: version1.length,
      fields: RECORD_FIELDS,
      shape: [7],
    })
    const version3 = Buffer.concat([Buffer.alloc(12), version1.subarray(10)])
    version3.write('\x93NUMPY\x03\x00', 'latin1')
    version3.writeUInt32LE(version1.length - 10, 8)
    expect(parseNpyHeader(version3)).toMatchObject({ shape: [7] })
    expect(parseNpyHeader(version1.subarray(0, 20))).toBe(version1.length)
  })

  it.each([
    ["{'descr': '<f8', 'fortran_order': True, 'shape': (1,)}", /not in C order/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': 1}", /"shape" is no tuple/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", /no literal/],
    ["{'descr': [('a', '<f8', (3,))], 'fortran_order': False, 'shape': (1,)}", /field that is no/],
    ["{'fortran_order': False, 'shape': (1,)}", /no "descr"/],
    ["{'a': 1, 'a': 2}", /bad key/],
    ["__import__('os').system('x')", /no literal/],
    ['[[[[[[[[[[1]]]]]]]]]]', /nested too deeply/],
    ["{'a': 1} and more", /goes on behind/],
    ["{'a", /string without an end/],
    ["{'a': 1 'b': 2}", /lacks a comma/],
  ])('refuses %s', (text, message) => {
    const head = Buffer.alloc(10)
    head.write('\x93NUMPY\x01\x00', 'latin1')
    head.writeUInt16LE(text.length, 8)
    expect(() => parseNpyHeader(Buffer.concat([head, Buffer.from(text)]))).toThrow(message)
  })
})
