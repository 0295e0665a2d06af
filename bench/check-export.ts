/**
 * Proves our export in the peer that it is for:
 *
 *     npm run bench:peers && npm run build && node scripts/run.mjs bench/check-export.ts
 *
 * Each real capture is imported and exported; hftbacktest validates the array's order and replays
 * it to its end; its best prices, their sizes and its numbers of levels have to be ours.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  OrderBookState,
  applyEvents,
  BookState,
  applyOrderEvents,
  type Ladder,
} from 'lobtrader/book'
import { exportHftbacktest } from 'lobtrader/feed'
import { Instrument } from 'lobtrader/market'
import { openStore } from 'lobtrader/store'
import { hasCaptures, importCaptures } from './captures.ts'
import { PEER_PYTHON, output } from './peer.ts'

interface FinalState {
  readonly bestBid: readonly [number, number]
  readonly bestAsk: readonly [number, number]
  readonly bidLevels: number
  readonly askLevels: number
}

const finalState = (ladder: Ladder): FinalState => ({
  bestBid: [ladder.bestBidTick, ladder.bestBidLots],
  bestAsk: [ladder.bestAskTick, ladder.bestAskLots],
  bidLevels: ladder.bidLevels,
  askLevels: ladder.askLevels,
})

async function check(dir: string, storeDir: string, name: string): Promise<boolean> {
  const store = openStore(storeDir)
  const infos = store.partitions().filter(({ kind }) => kind === 'l2' || kind === 'l3')
  const { symbol, kind, instrument: spec } = infos[0]!
  const instrument = new Instrument(spec)
  const path = join(dir, `${symbol}.npz`)
  const { rows } = exportHftbacktest(store, { symbol, kind }, path)
  const events = store.loadJoined(infos)
  const orders = new OrderBookState()
  const levels = new BookState()
  if (kind === 'l3') applyOrderEvents(orders, events, 0, events.length)
  else applyEvents(levels, events, 0, events.length)
  const ours = finalState(kind === 'l3' ? orders.ladder : levels.ladder)
  const script = fileURLToPath(new URL('peers/replay_array.py', import.meta.url))
  const grid = [String(instrument.tickSize), String(instrument.lotSize)]
  const text = await output(PEER_PYTHON, [script, kind, path, ...grid])
  const { rows: read, ...theirs } = JSON.parse(text) as FinalState & { readonly rows: number }
  const isEqual = read === rows && JSON.stringify(theirs) === JSON.stringify(ours)
  process.stdout.write(
    `${isEqual ? 'equal ' : 'DIFFER'}  ${name}: ${rows} records of ${events.length} rows, ${JSON.stringify(ours)}${isEqual ? '' : `, hftbacktest ${text.trim()}`}\n`,
  )
  return isEqual
}

if (!hasCaptures || !existsSync(PEER_PYTHON)) {
  const reason = hasCaptures ? 'hftbacktest is not installed: npm run bench:peers' : 'no captures'
  process.stderr.write(`check-export: skipped, ${reason}\n`)
} else {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-peers-'))
  try {
    const captures = await importCaptures(dir, ['binance', 'lobster', 'dbn'])
    let differences = 0
    for (const { name, store } of captures) {
      if (!(await check(dir, store, name))) differences++
    }
    process.exitCode = differences > 0 ? 1 : 0
  } finally {
    rmSync(dir, { recursive: true })
  }
}
