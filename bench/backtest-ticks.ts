/**
 * A strategy of indicators on single ticks: long while a fast average is above a slow one. Beside
 * it backtrader on the same ticks with the same rule and fees. backtrader has no order book: its
 * fills are those of its bars, and so are ours here.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cerebro, LobFeed, Strategy, TickFeed, crossOver, sma } from 'lobtrader'
import type { RunRecord } from 'lobtrader/engine'
import {
  EventKind,
  EventWriter,
  KIND_MASK,
  type EventColumns,
  type Instrument,
} from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'
import { pythonPeer } from './peer.ts'

/** Rows of the tape; about one in seventeen is a trade. */
const ROWS = 1_700_000
const CASH = 1_000_000
const FEE_BPS = 7
/** 1970-01-01 as backtrader counts days. */
const UNIX_DAY = 719_163
const DAY_NS = 86_400e9

class SmaCross extends Strategy.with({ fast: 10, slow: 30, size: 1 }) {
  readonly #cross = crossOver(sma(this.data.close, this.p.fast), sma(this.data.close, this.p.slow))

  override next(): void {
    if (this.position.size === 0) {
      if (this.#cross.at(0) > 0) this.buy({ size: this.p.size })
    } else if (this.#cross.at(0) < 0) this.close()
  }
}

/** The trades of a tape alone. */
function tradesOf(events: EventColumns): EventColumns {
  const { localTime, exchTime, code, tick, lots, length } = events
  const writer = new EventWriter(events.epochNs, length)
  for (let i = 0; i < length; i++) {
    if ((code[i]! & KIND_MASK) !== EventKind.Trade) continue
    writer.push(localTime[i]!, exchTime[i]!, code[i]!, tick[i]!, lots[i]!)
  }
  return writer.finish()
}

/** Writes what the peer reads: times in its days, prices, sizes. */
function writeTicks(path: string, instrument: Instrument, trades: EventColumns): void {
  const { localTime, tick, lots, length } = trades
  const columns = new Float64Array(3 * length)
  for (let i = 0; i < length; i++) {
    columns[i] = UNIX_DAY + localTime[i]! / DAY_NS
    columns[length + i] = instrument.price(tick[i]!)
    columns[2 * length + i] = instrument.size(lots[i]!)
  }
  writeFileSync(path, columns)
}

/** Measures ticks per second, from trades in memory to the result. */
export async function backtestTicks(): Promise<BenchCase> {
  const { instrument, events } = generateTape(ROWS, 7)
  const trades = tradesOf(events)
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-ticks-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const fills = join(folder, 'fills.csv')
  const ticks = join(folder, 'ticks.bin')
  writeTicks(ticks, instrument, trades)
  const peer = await pythonPeer('backtrader', 'backtest_ticks.py', [ticks], [fills])
  let record: RunRecord | undefined
  return {
    name: 'backtest-ticks',
    unit: 'ticks/s',
    note: `averages of 10 and 30 ticks, market orders and ${FEE_BPS} bps over ${trades.length} generated trades`,
    async run() {
      const begin = HighPrecisionClock.monotonicNs()
      const cerebro = new Cerebro({ cash: CASH })
      const feed = TickFeed.of(LobFeed.fromEvents(instrument, trades))
      cerebro.addData(feed, { fees: { makerBps: FEE_BPS, takerBps: FEE_BPS } })
      cerebro.addStrategy(SmaCross)
      const [result] = await cerebro.run()
      const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
      record = result!.record
      return trades.length / seconds
    },
    ...peer,
    ...(peer.against === undefined
      ? {}
      : { check: async () => [comparison(record!, trades, readFileSync(fills, 'utf8'))] }),
  }
}

/** Holds our fills against the peer's, one by one: tick, side, size, price and fee. */
function comparison({ fills }: RunRecord, trades: EventColumns, text: string): string {
  const [, ...lines] = text.trimEnd().split('\n')
  const tickAt = new Map<number, number>()
  for (let i = 0; i < trades.length; i++) tickAt.set(trades.localTime[i]!, i)
  let equal = 0
  let first = ''
  for (let i = 0; i < Math.max(fills.length, lines.length); i++) {
    const [tick, size, price, fee] = (lines[i] ?? '').split(',').map(Number)
    const isEqual =
      tick === tickAt.get(fills.localTime[i]!) &&
      size === fills.side[i]! * fills.size[i]! &&
      price === fills.price[i] &&
      Math.abs(fills.fee[i]! - fee!) < 1e-9
    if (isEqual) equal++
    else if (first === '') first = `; the first that differs is number ${i}`
  }
  return `compared     ${equal} of ${fills.length} fills are the same in tick, side, size, price and fee; the peer has ${lines.length}${first}`
}
