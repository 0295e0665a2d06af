// For those who come from backtrader: daily bars, moving averages, orders filled on the next bar.
import { fileURLToPath } from 'node:url'
import { Cerebro, CsvBars, Strategy, crossOver, sma } from 'lobtrader'

class SmaCross extends Strategy.with({ fast: 10, slow: 30, size: 20 }) {
  readonly #cross = crossOver(sma(this.data.close, this.p.fast), sma(this.data.close, this.p.slow))

  override next() {
    if (this.position.size === 0 && this.#cross.at(0) > 0) this.buy({ size: this.p.size })
    else if (this.position.size > 0 && this.#cross.at(0) < 0) this.close()
  }
}

const ours = fileURLToPath(new URL('data/daily-bars.csv', import.meta.url))
const [file = ours] = process.argv.slice(2)
const cerebro = new Cerebro({ cash: 10_000 })
cerebro.addData(await CsvBars.open(file, { format: 'backtrader' }))
cerebro.addStrategy(SmaCross, { fast: 8, slow: 25 })

for (const { record, strategy } of await cerebro.run()) {
  const day = (time: number) =>
    new Date(Number(record.epochNs / 1_000_000n) + time / 1e6).toISOString().slice(0, 10)
  for (const { openTime, closeTime, entryPrice, pnl } of record.trades) {
    const end = Number.isNaN(closeTime) ? 'still open' : `${day(closeTime)}: ${pnl.toFixed(2)}`
    console.log(`${day(openTime)} at ${entryPrice.toFixed(2)}, ${end}`)
  }
  console.log(`final value ${strategy.broker.value.toFixed(2)}`)
}
