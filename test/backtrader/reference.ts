/** What backtrader computed, read from the acceptance files beside the checkout. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { CsvBars } from '../../src/feed/index.ts'
import { utcDay } from '../../src/time/index.ts'
import { sharedPath } from '../shared-data.ts'

/** One event of the run `sma_cross_stock`. */
export interface CrossEvent {
  readonly event: 'buyCreated' | 'buyExecuted' | 'sellCreated' | 'sellExecuted'
  readonly date: string
  readonly index0: number
  readonly close?: number
  readonly price?: number
  readonly size?: number
  readonly comm?: number
}

/** The run `sma_cross_stock`. */
export interface CrossCase {
  readonly expected: {
    readonly buyCreatedClose: readonly string[]
    readonly buyExecutedPrice: readonly string[]
    readonly sellCreatedClose: readonly string[]
    readonly sellExecutedPrice: readonly string[]
    readonly finalValue: string
    readonly finalCash: string
  }
  readonly measuredByRun: {
    readonly events: readonly CrossEvent[]
    readonly closedTrades: readonly {
      readonly dtopen: string
      readonly dtclose: string
      readonly barlen: number
      readonly price: number
      readonly pnl: number
      readonly pnlcomm: number
      readonly commission: number
    }[]
    readonly finalValue: number
    readonly finalCash: number
    readonly valueAtEachNext: { readonly firstIndex0: number; readonly values: readonly number[] }
  }
}

/** One test of `indicators.json`. */
export interface IndicatorCase {
  readonly testFile: string
  readonly minPeriod: number
  readonly checkIndices: { readonly index0: readonly number[] }
  readonly lineNames: readonly string[]
  readonly lines: readonly (readonly string[])[]
}

/** One series of `indicators_full.json.gz`; null is NaN. */
export interface IndicatorSeries {
  readonly minPeriod: number
  readonly lines: readonly (readonly (number | null)[])[]
}

const folder = 'acceptance/backtrader/'

/** Reads the run `sma_cross_stock`. */
export function readCrossCase(): CrossCase {
  const { cases } = JSON.parse(readFileSync(sharedPath(`${folder}engine.json`), 'utf8')) as {
    cases: readonly (CrossCase & { readonly id: string })[]
  }
  return cases.find(({ id }) => id === 'sma_cross_stock')!
}

/** Reads the check points of a test such as `ind_sma`. */
export function readIndicatorCase(test: string): IndicatorCase {
  const text = readFileSync(sharedPath(`${folder}indicators.json`), 'utf8')
  const { indicators } = JSON.parse(text) as { indicators: readonly IndicatorCase[] }
  return indicators.find(({ testFile }) => testFile === `tests/test_${test}.py`)!
}

/** Reads the whole series of all tests, by test. */
export function readIndicatorSeries(): Readonly<Record<string, IndicatorSeries>> {
  const bytes = readFileSync(sharedPath(`${folder}indicators_full.json.gz`))
  const { tests } = JSON.parse(gunzipSync(bytes).toString()) as {
    tests: Readonly<Record<string, IndicatorSeries>>
  }
  return tests
}

/** The daily bars of 2006 that most of the cases run on. */
export async function openBars2006(): Promise<CsvBars> {
  return await CsvBars.open(sharedPath(`${folder}data/2006-day-001.txt`), {
    format: 'backtrader',
    from: '2006-01-01',
    to: '2006-12-31',
  })
}

/** The UTC day of a time of `feed`. */
export function dayOf(feed: CsvBars, time: number): string {
  return utcDay(feed.bars.epochNs + BigInt(time))
}
