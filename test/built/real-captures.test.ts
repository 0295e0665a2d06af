/** The real captures through the command line, against figures of independent scripts. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeWithData, sharedPath } from '../shared-data.ts'
import { lobtrader, lobtraderJson, temporaryFolder } from './run-cli.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)

interface Replay {
  readonly lines: number
  readonly trades_volume: number
  readonly taker_buy_volume: number
  readonly trades_vwap: number
  readonly messages: { readonly trade: number }
  readonly final_bid_levels: number
  readonly final_ask_levels: number
  readonly final_best_bid: readonly [number, number]
  readonly final_best_ask: readonly [number, number]
  readonly final_bid_qty_sum: number
  readonly final_ask_qty_sum: number
}

interface ImportJson {
  readonly final: Readonly<Record<string, number>>
  readonly trades: Readonly<Record<string, number>>
  readonly [field: string]: unknown
}

interface RunJson {
  readonly fills: number
  readonly [field: string]: unknown
}

describeWithData('import of the Binance captures', () => {
  // What the manifest of the data says an independent script found.
  const markets = [
    ['usdm', 'usdm_btcusdt_2024-08-08', ['usdm_btcusdt_20240808'], 629],
    [
      'spot',
      'spot_btcusdt_2024-08-08_09',
      ['spot_btcusdt_20240808', 'spot_btcusdt_20240809'],
      1072,
    ],
    [
      'cm',
      'cm_btcusd_perp_2024-08-08_09',
      ['cm_btcusd_perp_20240808', 'cm_btcusd_perp_20240809'],
      1885,
    ],
  ] as const

  test.each(markets)('%s agrees in every count, price and size', (market, key, files, compared) => {
    const replay = (
      JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
        binance: Record<string, Replay>
      }
    ).binance[key]!
    const path = (file: string): string => sharedPath(`data/binance/${file}`)
    const args = ['import', '--format', 'binance', '--verify', '--store', join(folder, market)]
    const instrument = ['--instrument', path(`${files[0]}.instrument.json`)]
    const captures = files.map((file) => path(`${file}.gz`))
    const json = lobtraderJson<ImportJson>([...args, ...instrument, ...captures], folder)
    expect(json).toMatchObject({
      messages: replay.lines,
      gaps: 0,
      crossed: 0,
      verify: { compared, equal: compared },
      final: {
        bestBid: replay.final_best_bid,
        bestAsk: replay.final_best_ask,
        bidLevels: replay.final_bid_levels,
        askLevels: replay.final_ask_levels,
      },
      trades: { count: replay.messages.trade },
    })
    expect(json.final['bidSize']).toBeCloseTo(replay.final_bid_qty_sum, 6)
    expect(json.final['askSize']).toBeCloseTo(replay.final_ask_qty_sum, 6)
    expect(json.trades['volume']).toBeCloseTo(replay.trades_volume, 6)
    expect(json.trades['buyVolume']).toBeCloseTo(replay.taker_buy_volume, 6)
    expect(json.trades['vwap']).toBeCloseTo(replay.trades_vwap, 6)
  })

  test('a later file alone says that its snapshot is missing, and leaves nothing', () => {
    const path = sharedPath('data/binance/spot_btcusdt_20240809')
    const args = ['import', '--format', 'binance', '--store', 'later', '--instrument']
    const { status, stderr } = lobtrader([...args, `${path}.instrument.json`, `${path}.gz`], folder)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^lobtrader import: no depth snapshot in .*20240809\.gz.*\n$/)
    expect(readdirSync(folder)).not.toContain('later')
  })
})

describeWithData('a backtest on the real captures within a budget of memory', () => {
  test.each([
    ['usdm', 'BTCUSDT'],
    ['spot', 'BTCUSDT'],
    ['cm', 'BTCUSD_PERP'],
  ])('has the run of all %s events at once, figure by figure', (market, symbol) => {
    const args = ['backtest', '--store', join(folder, market), '--symbol', symbol, '--latency']
    const strategy = ['3ms,2ms', '--strategy', 'avellaneda-stoikov', '--set', 'orderSize=1']
    const window = ['--from', '2024-08-08T23:56:30Z', '--to', '2024-08-08T23:59:10.5Z']
    const all = [...args, ...strategy, ...window, '--report']
    const whole = lobtraderJson<RunJson>([...all, `${market}-whole`], folder)
    const parts = lobtraderJson<RunJson>([...all, `${market}-parts`, '--memory', '24MB'], folder)
    const told = { seconds: expect.any(Number), eventsPerSecond: expect.any(Number) }
    expect(whole.fills).toBeGreaterThan(0)
    expect(parts).toEqual({ ...whole, ...told, report: expect.any(String) })
    for (const table of ['orders.csv', 'fills.csv']) {
      const read = (run: string): Buffer => readFileSync(join(folder, `${market}-${run}`, table))
      expect(read('parts').equals(read('whole')), table).toBe(true)
    }
  })
})

describeWithData('import of the LOBSTER samples', () => {
  test.each([
    ['AMZN', 5, 155_934],
    ['AAPL', 1, 118_496],
    ['MSFT', 50, 999],
  ])('%s_%i agrees in every transition, pair in either order', (symbol, levels, transitions) => {
    const lobster = sharedPath('data/lobster')
    const files = readdirSync(lobster).filter((file) => file.startsWith(symbol))
    const fileOf = (kind: string): string =>
      join(
        lobster,
        files.find((file) => file.endsWith(`_${kind}_${levels}.csv.gz`))!,
      )
    const message = fileOf('message')
    const orderbook = fileOf('orderbook')
    const args = ['import', '--format', 'lobster', '--verify', '--store']
    const one = lobtraderJson<ImportJson>([...args, `${symbol}-1`, message, orderbook], folder)
    const two = lobtraderJson<ImportJson>([...args, `${symbol}-2`, orderbook, message], folder)
    expect(one['transitions']).toEqual({ compared: transitions, equal: transitions })
    expect(two).toEqual({ ...one, seconds: expect.any(Number) })
  })
})
