import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Cerebro, Strategy } from '../../src/engine/index.ts'
import { CsvBars } from '../../src/feed/index.ts'
import { crossOver, sma } from '../../src/study/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

/** Long-only cross of two averages, one unit. */
class SmaCross extends Strategy.with({ fast: 10, slow: 30 }) {
  calls = 0
  readonly #cross = crossOver(sma(this.data.close, this.p.fast), sma(this.data.close, this.p.slow))

  override next(): void {
    this.calls++
    const signal = this.#cross.at(0)
    if (this.position.size === 0 && signal > 0) this.buy()
    else if (this.position.size > 0 && signal < 0) this.close()
  }
}

interface SpeedCase {
  readonly case: string
  readonly rows: number
  readonly nextCalls: number
  readonly orders: number
  readonly fills: number
  readonly finalValue: number
}

const folder = 'acceptance/backtrader/'

describeWithData('backtrader runs over long series', () => {
  const open = async (name: string, columns = {}): Promise<CsvBars> =>
    await CsvBars.open(sharedPath(`${folder}data/${name}`), { format: 'generic', columns })
  const price = 'price'

  it.each([
    ['a_sma_cross_100k_next', async () => await open('bars_1m_100k.csv.gz')],
    [
      'b_tick_sma_cross_200k_next',
      // Each tick is a bar of one price.
      async () =>
        await open('ticks_200k.csv.gz', {
          open: price,
          high: price,
          low: price,
          close: price,
          volume: 'size',
        }),
    ],
  ])('%s: the same calls, orders, fills and final value', async (name, feed) => {
    const text = readFileSync(sharedPath(`${folder}speed.json`), 'utf8')
    const { cases } = JSON.parse(text) as { cases: readonly SpeedCase[] }
    const reference = cases.find((entry) => entry.case === name)!
    const cerebro = new Cerebro({ cash: 1_000_000 })
    cerebro.addData(await feed())
    cerebro.addStrategy(SmaCross)
    const [{ record, strategy }] = (await cerebro.run()) as [
      Awaited<ReturnType<Cerebro['run']>>[number],
    ]
    expect({
      rows: record.events,
      nextCalls: (strategy as SmaCross).calls,
      orders: record.orders.length,
      fills: record.fills.length,
      finalValue: strategy.broker.value.toFixed(2),
    }).toEqual({
      rows: reference.rows,
      nextCalls: reference.nextCalls,
      orders: reference.orders,
      fills: reference.fills,
      finalValue: reference.finalValue.toFixed(2),
    })
  })
})
