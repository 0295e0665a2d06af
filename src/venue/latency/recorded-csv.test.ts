import { describe, expect, it } from 'vitest'
import { recordedLatencyCsv } from './recorded-csv.ts'
import { EventRate } from './event-rate.ts'
import { parseLatency } from './parse-latency.ts'

const day = 1_723_075_200_000_000_000n
const at = (ns: number): string => String(day + BigInt(ns))
const header = 'request_ts_ns,exch_ts_ns,response_ts_ns'
const file = (...rows: string[]): string => [header, ...rows, ''].join('\n')
const good = file(
  `${at(1000)},${at(1100)},${at(1300)}`,
  `${at(2000)},${at(2300)},${at(2700)}`,
  `${at(3000)},0,${at(3900)}`,
)
const runAt = (epochNs: bigint) => ({
  seed: 0,
  stream: 0,
  epochNs,
  eventRate: (windowNs: number) => new EventRate(windowNs, 0, new Uint32Array(0)),
})

describe('recorded latency from a file', () => {
  it('is that of its rows, whatever midnight a run counts from', () => {
    const model = recordedLatencyCsv(good, 'trips.csv')
    const hour = 3600e9
    for (const shift of [0, -hour, 24 * hour]) {
      const run = model.forRun!(runAt(day + BigInt(shift)))
      const of = (ns: number): number => run.entryNs(ns - shift, 'submit')
      expect([of(1000), of(1500), of(2500), of(-5)]).toEqual([100, 200, -800, 100])
      expect(run.responseNs(1700 - shift)).toBe(300)
    }
  })

  it('finds its columns by name, among others', () => {
    const text = `id,response_ts_ns,exch_ts_ns,request_ts_ns\r\n7,${at(9)},${at(5)},${at(1)}\r\n`
    expect(recordedLatencyCsv(text, 'x').entryNs(1, 'submit')).toBe(4)
  })

  it('is read through the text form', () => {
    const model = parseLatency('recorded:a b.csv', (path) => (path === 'a b.csv' ? good : ''))
    expect(model.name).toBe('recorded, 3 round trips')
  })

  it.each([
    ['', /f\.csv line 1 field request_ts_ns: is not in the header ""/],
    [
      'request_ts_ns,exch_ts_ns\n1,2',
      /line 1 field response_ts_ns: .*; expected request_ts_ns,exch/,
    ],
    [file(), /TOO_FEW_ROWS: f\.csv: holds no round trip/],
    [file('1,2,x'), /f\.csv line 2 field response_ts_ns: "x" is not a whole number of Unix nano/],
    [file('1,2'), /line 2 field response_ts_ns: "" is not/],
    [
      file('1,2,3', '', '1,2,3'),
      /TIME_BACKWARDS: f\.csv line 4 field request_ts_ns: 1 does not come/,
    ],
    [file('5,4,6'), /line 2 field exch_ts_ns: 4 is before the request at 5/],
    [file('5,7,6'), /line 2 field response_ts_ns: 6 is before the exchange at 7/],
    [file('5,0,4'), /line 2 field response_ts_ns: 4 is before the request at 5/],
  ])('refuses %j', (text, message) => {
    expect(() => recordedLatencyCsv(text, 'f.csv')).toThrow(message)
  })
})
