import { describe, expect, it } from 'vitest'
import { readCall, splitOutside } from './call-text.ts'

describe('the grammar of models', () => {
  it('cuts at the commas outside brackets', () => {
    expect(splitOutside('a(b,c(d,e)), f,g')).toEqual(['a(b,c(d,e))', 'f', 'g'])
    expect(splitOutside('')).toEqual([''])
  })

  it('reads name, parts and options, nested ones whole', () => {
    const call = readCall('load(gamma(shape=2,scale=1ms), p99.9=5 ,window=1s)')!
    expect([call.name, call.parts, [...call.options]]).toEqual([
      'load',
      ['gamma(shape=2,scale=1ms)'],
      [
        ['p99.9', '5'],
        ['window', '1s'],
      ],
    ])
  })

  it('sees no call in plain text', () => {
    expect(readCall('1ms')).toBeUndefined()
    expect(readCall('a(b) c')).toBeUndefined()
  })

  it.each(['a(b', 'a)b(', 'a(b))'])('refuses the brackets of %s', (text) => {
    expect(() => splitOutside(text)).toThrow(/brackets of .* do not match/)
  })

  it('refuses a key that comes twice', () => {
    expect(() => readCall('a(b=1,b=2)')).toThrow(/"b" comes twice/)
  })
})
