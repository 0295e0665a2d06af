import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { CsvBars } from '../src/feed/index.ts'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const file = path('examples/data/daily-bars.csv')

it('the bars of the examples are those that their script prints', () => {
  const printed = execFileSync(process.execPath, [path('scripts/make-example-bars.mjs')])
  expect(printed.toString()).toBe(readFileSync(file, 'utf8'))
})

it('the bars of the examples are 504 valid weekdays at two decimals', async () => {
  const { bars } = await CsvBars.open(file)
  expect(bars.length).toBe(504)
  for (const column of [bars.open, bars.high, bars.low, bars.close]) {
    for (const price of column) expect(Number(price.toFixed(2))).toBe(price)
  }
  const days = Array.from(bars.time, (time) =>
    new Date(Number(bars.epochNs / 1_000_000n) + time / 1e6).getUTCDay(),
  )
  expect(new Set(days)).toEqual(new Set([1, 2, 3, 4, 5]))
})
