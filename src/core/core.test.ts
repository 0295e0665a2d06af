import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DataError, LobtraderError } from './errors.ts'
import { decimalText, decimalToNumber, parseDecimal } from './decimal.ts'
import { exactSum } from './exact-sum.ts'
import { didYouMean, editDistance } from './nearest-name.ts'
import { Prng } from './prng.ts'
import { RingBuffer } from './ring-buffer.ts'

describe('decimals', () => {
  it('read back the double that they were written from', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // A price has no negative zero.
        expect(Number(decimalText(value))).toBe(value + 0)
        expect(decimalText(value)).not.toContain('e')
      }),
    )
  })

  it('keep mantissa and scale exactly', () => {
    expect(parseDecimal('-12.50')).toEqual({ mantissa: -1250, scale: 2 })
    expect(parseDecimal('0.00000000000000000000')).toEqual({ mantissa: 0, scale: 0 })
    expect(decimalToNumber(parseDecimal('61837.63000000'))).toBe(61837.63)
  })

  it.each(['', '-', '.', '1e3', ' 1', '1 ', '1,5', 'NaN', '--1', '99999999999999999999'])(
    'refuse %j',
    (text) => {
      expect(() => parseDecimal(text)).toThrow(LobtraderError)
    },
  )
})

describe('exact sums', () => {
  it('do not depend on the order of the parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e200, max: 1e200 }), {
          maxLength: 50,
          size: 'max',
        }),
        (values) => {
          expect(exactSum([...values].reverse())).toBe(exactSum(values))
        },
      ),
    )
  })

  it('keep what plain sums lose', () => {
    expect(exactSum([1e100, 1, -1e100])).toBe(1)
    expect(exactSum(Array.from({ length: 10 }, () => 0.1))).toBe(1)
    expect(exactSum([])).toBe(0)
  })
})

describe('the random stream', () => {
  it('equals the reference vector of xoshiro128**', () => {
    const prng = Prng.fromState(1, 2, 3, 4)
    expect([prng.nextUint32(), prng.nextUint32(), prng.nextUint32()]).toEqual([11520, 0, 5927040])
  })

  it('differs by seed and by stream, repeats by both', () => {
    const draw = (seed: number, stream: number): number[] => {
      const prng = new Prng(seed, stream)
      return [prng.next(), prng.next()]
    }
    expect(draw(1, 0)).toEqual(draw(1, 0))
    expect(draw(1, 0)).not.toEqual(draw(2, 0))
    expect(draw(1, 0)).not.toEqual(draw(1, 1))
  })

  it('that belongs to a key is the same whatever was drawn before, and another for any other key', () => {
    const draw = (...words: number[]): number => Prng.keyed(words).next()
    expect(draw(1, 2, 3)).toBe(draw(1, 2, 3))
    const keys = [
      [1, 2, 3],
      [1, 3, 2],
      [1, 2],
      [1, 2, 3, 0],
      [2 ** 31, 2, 3],
      [-1, 2, 3],
    ]
    expect(new Set(keys.map((words) => draw(...words))).size).toBe(keys.length)
    const n = 100_000
    let sum = 0
    const tenths = new Float64Array(10)
    for (let i = 0; i < n; i++) {
      const u = draw(7, i)
      sum += u
      tenths[Math.floor(u * 10)]!++
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(0.004)
    for (const count of tenths) expect(Math.abs(count / n - 0.1)).toBeLessThan(0.004)
  })

  it.each([0.3, 1, 4.5])('has mean and variance of gamma, %d both', (shape) => {
    const prng = new Prng(5)
    const n = 100_000
    let sum = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      const x = prng.nextGamma(shape)
      sum += x
      squares += (x - shape) ** 2
    }
    expect(Math.abs(sum / n / shape - 1)).toBeLessThan(0.02)
    expect(Math.abs(squares / n / shape - 1)).toBeLessThan(0.05)
  })

  it('has the moments of its distributions', () => {
    const prng = new Prng(3)
    const n = 200_000
    let uniform = 0
    let exponential = 0
    let normal = 0
    let normalSquares = 0
    for (let i = 0; i < n; i++) {
      uniform += prng.next()
      exponential += prng.nextExponential(2)
      const z = prng.nextNormal()
      normal += z
      normalSquares += z * z
    }
    expect(Math.abs(uniform / n - 0.5)).toBeLessThan(0.003)
    expect(Math.abs(exponential / n - 2)).toBeLessThan(0.025)
    expect(Math.abs(normal / n)).toBeLessThan(0.012)
    expect(Math.abs(normalSquares / n - 1)).toBeLessThan(0.016)
  })
})

describe('nearest names', () => {
  it('suggest what a slip of the finger meant', () => {
    expect(didYouMean('riskAverson', ['maxInventory', 'riskAversion'])).toBe(
      '; did you mean "riskAversion"?',
    )
    expect(didYouMean('zzz', ['riskAversion'])).toBe('')
  })

  it('count insertions, deletions, replacements and swaps', () => {
    expect([
      editDistance('', 'abc'),
      editDistance('abcd', 'abdc'),
      editDistance('kitten', 'sitting'),
    ]).toEqual([3, 1, 3])
  })
})

describe('the ring buffer', () => {
  it('behaves as an array queue', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
        const ring = new RingBuffer(2)
        const queue: number[] = []
        for (const step of steps) {
          if (step !== undefined) {
            ring.push(step)
            queue.push(step)
          } else if (queue.length > 0) {
            expect(ring.shift()).toBe(queue.shift())
          }
          expect(Array.from({ length: ring.length }, (_, i) => ring.at(i))).toEqual(queue)
        }
      }),
    )
  })
})

describe('data errors', () => {
  it('say the place first', () => {
    const error = new DataError('BAD_FIELD', 'price is empty', {
      file: 'a.gz',
      line: 3,
      field: 'p',
    })
    expect(error.message).toBe('BAD_FIELD: a.gz line 3 field p: price is empty')
    expect(error.context).toEqual({ file: 'a.gz', line: 3, field: 'p' })
  })
})
