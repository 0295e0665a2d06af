import { describe, expect, it } from 'vitest'
import { recordedLatency } from './recorded-latency.ts'

describe('recorded latency', () => {
  const trips = [
    { requestTime: 1000, exchTime: 1100, responseTime: 1300 },
    { requestTime: 2000, exchTime: 2300, responseTime: 2700 },
    { requestTime: 3000, exchTime: -1, responseTime: 3900 },
    { requestTime: 4000, exchTime: 4010, responseTime: 4020 },
  ]
  const latency = recordedLatency(trips)

  it.each([
    [0, 100],
    [1000, 100],
    [1500, 200],
    [1999, 300],
    [4000, 10],
    [9000, 10],
  ])('of a request at %d is %d to the exchange', (time, entry) => {
    expect(latency.entryNs(time, 'submit')).toBe(entry)
  })

  it.each([
    [2000, -700],
    [2500, -800],
    [3000, -900],
    [3500, -460],
  ])('of a request at %d beside a refused one is the whole way, %d', (time, entry) => {
    expect(latency.entryNs(time, 'submit')).toBe(entry)
  })

  it.each([
    [0, 200],
    [1100, 200],
    [1700, 300],
    [2300, 400],
    [3155, 205],
    [5000, 10],
  ])('of an answer at %d is %d, over the round trips that reached the exchange', (time, back) => {
    expect(latency.responseNs(time)).toBe(back)
  })

  it.each([
    [[], /^TOO_FEW_ROWS/],
    [[trips[1]!, trips[0]!], /^TIME_BACKWARDS: row 2 field requestTime/],
    [[{ requestTime: 5, exchTime: 4, responseTime: 9 }], /^BAD_FIELD: row 1 field exchTime/],
    [[{ requestTime: 5, exchTime: 7, responseTime: 6 }], /^BAD_FIELD: row 1 field exchTime/],
    [[{ requestTime: 5, exchTime: 0, responseTime: 4 }], /^BAD_FIELD: row 1 field exchTime/],
    [
      [{ requestTime: 5, exchTime: Number.NaN, responseTime: 9 }],
      /^NOT_FINITE: row 1 field exchTime/,
    ],
  ])('refuses %j', (bad, message) => {
    expect(() => recordedLatency(bad)).toThrow(message)
  })
})
