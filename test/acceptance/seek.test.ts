/** Runs that begin at a checkpoint, on a real capture: those that replay all, figure by figure. */
import { beforeAll, expect, it } from 'vitest'
import { Cerebro, type RunRecord } from '../../src/engine/index.ts'
import { bookCheckpoints } from '../../src/feed/checkpoint/book-checkpoints.ts'
import { LobFeed, importCapture } from '../../src/feed/index.ts'
import { beginImport, openStore } from '../../src/store/index.ts'
import { AvellanedaStoikov } from '../../src/strategy/index.ts'
import { constantLatency, powerProbQueue } from '../../src/venue/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'
import { temporaryFolder } from '../store-fixture.ts'

const path = temporaryFolder()

/** All that a run tells but how it came to be: wall time and the rows that it read. */
async function runOf(feed: LobFeed): Promise<Partial<RunRecord>> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, {
    latency: constantLatency({ entry: '3ms', response: '2ms' }),
    queue: powerProbQueue(3),
    fees: { makerBps: -0.5, takerBps: 7 },
  })
  cerebro.addStrategy(AvellanedaStoikov, { riskAversion: 0.5, maxInventory: 5 })
  const [result] = await cerebro.run({ seed: 1 })
  const { seconds: _seconds, events: _events, ...record } = result!.record
  return record
}

describeWithData('a run that begins at a checkpoint of a real capture', () => {
  const dir = path()

  beforeAll(async () => {
    const imported = path()
    const file = sharedPath('data/binance/usdm_btcusdt_20240808')
    await importCapture({
      format: 'binance',
      files: [`${file}.gz`],
      instrument: `${file}.instrument.json`,
      store: imported,
    })
    // The same rows with a checkpoint before every block: a capture of minutes has few blocks.
    const [part] = openStore(imported).read({ symbol: 'BTCUSDT', kind: 'l2' })
    const { instrument, events } = part!
    const transaction = beginImport(dir, { instrument, checkpoints: bookCheckpoints(1) })
    transaction.append('l2', events)
    transaction.commit()
  }, 60_000)

  it.each(['2024-08-08T23:56:10.123Z', '2024-08-08T23:58:47Z'])(
    'from %s has the orders, fills, samples and mids of the run that replays all',
    async (from) => {
      const options = { symbol: 'BTCUSDT', from, to: '2024-08-08T23:59:40Z' }
      const whole = await LobFeed.open(dir, { ...options, fromStart: true })
      const sought = await LobFeed.open(dir, options)
      const streamed = await LobFeed.open(dir, { ...options, memory: '24MB' })
      expect(sought.tape.length).toBeLessThan(whole.tape.length - 100_000)
      const expected = await runOf(whole)
      expect(expected.fills!.length).toBeGreaterThan(1)
      expect(await runOf(sought)).toEqual(expected)
      expect(await runOf(streamed)).toEqual(expected)
    },
  )
})
