/**
 * Imports raw Binance websocket captures: spot, USD-M and COIN-M.
 *
 * Book and trades become rows of kind `l2`, the `bookTicker` channel becomes `bbo`. Venue time is
 * `T` where a message has one, else `E`; a spot snapshot and a spot ticker have neither and take
 * the latest venue time seen before them, or their receive time where there is none yet.
 */
import { DataError, LobtraderError, type DataPlace } from '../../../core/index.ts'
import { EventKind, eventCode, type Instrument } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import {
  BinanceFuturesGate,
  BinanceSpotGate,
  type SequenceGate,
} from '../../sequence/sequence-gate.ts'
import { ClockMeter } from '../clock-meter.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob, ImportOutcome } from '../import-job.ts'
import { Tape } from '../tape.ts'
import { TradeTotals } from '../trade-totals.ts'
import { BookBuilder } from './book-builder.ts'
import { instrumentGrids } from './capture-grids.ts'
import { CaptureReader, type CapturePass } from './capture-reader.ts'
import { MessageKind, type BinanceMessage } from './message.ts'
import { TickerCheck } from './ticker-check.ts'

const BUY_TRADE = eventCode(EventKind.Trade, 1)
const SELL_TRADE = eventCode(EventKind.Trade, -1)
const BID_TOP = eventCode(EventKind.Bbo, 1)
const ASK_TOP = eventCode(EventKind.Bbo, -1)

/** Names of ignored messages to count apart. */
const IGNORED_NAMES_MAX = 32

/** Brings venue times onto the epoch of a capture. */
class VenueClock {
  readonly #epochMs: number

  constructor(epochNs: bigint) {
    this.#epochMs = Number(epochNs / 1_000_000n)
  }

  /** Returns ns since the epoch of `T` or `E`, -1 without one; streams give ms or microseconds. */
  timeOf(message: BinanceMessage): number {
    const time = message.transactionTime >= 0 ? message.transactionTime : message.eventTime
    if (time < 0) return Number.NEGATIVE_INFINITY
    return time < 1e14 ? (time - this.#epochMs) * 1e6 : (time - this.#epochMs * 1e3) * 1e3
  }
}

/** Measures the clock of a capture and does nothing else. */
class ClockPass implements CapturePass {
  readonly meter = new ClockMeter()
  readonly #message: BinanceMessage
  #clock = new VenueClock(0n)

  constructor(message: BinanceMessage) {
    this.#message = message
  }

  begin(epochNs: bigint): void {
    this.#clock = new VenueClock(epochNs)
  }

  message(receiveTime: number): void {
    const { kind } = this.#message
    if (kind === MessageKind.Depth || kind === MessageKind.Trade) {
      this.meter.note(receiveTime, this.#clock.timeOf(this.#message))
    }
  }

  /** The import tells of it. */
  refuse(): void {}

  rest(): void {}
}

/** Writes a capture to the tape. */
class ImportPass implements CapturePass {
  readonly meter = new ClockMeter()
  readonly totals = new TradeTotals()
  readonly check: TickerCheck | undefined
  readonly ignored = new Map<string, number>()
  firstTime = 0
  lastTime = 0
  nonMarketTrades = 0
  repeatedTrades = 0
  missingTrades = 0
  tape: Tape | undefined
  builder: BookBuilder | undefined
  readonly #message: BinanceMessage
  readonly #place: () => DataPlace
  readonly #instrument: Instrument
  readonly #transaction: RowSink
  readonly #shiftNs: number
  readonly #job: ImportJob
  #clock = new VenueClock(0n)
  #venueTime = Number.NEGATIVE_INFINITY
  #tradeId = -1
  #isMarketChecked = false

  constructor(reader: CaptureReader, transaction: RowSink, job: ImportJob, shiftNs: number) {
    this.#message = reader.message
    this.#place = reader.place
    this.#transaction = transaction
    this.#instrument = transaction.instrument
    this.#shiftNs = shiftNs
    this.#job = job
    this.check = job.verify ? new TickerCheck() : undefined
  }

  begin(epochNs: bigint): void {
    this.#clock = new VenueClock(epochNs)
    this.firstTime = Number.NaN
    this.tape = new Tape(this.#transaction, epochNs)
    const isSpot = this.#instrument.kind === 'spot'
    const makeGate = (): SequenceGate => (isSpot ? new BinanceSpotGate() : new BinanceFuturesGate())
    this.builder = new BookBuilder(makeGate, this.tape.l2, this.check, this.#place)
  }

  message(receiveTime: number): void {
    const message = this.#message
    const localTime = receiveTime + this.#shiftNs
    if (Number.isNaN(this.firstTime)) this.firstTime = localTime
    this.lastTime = localTime
    const venueTime = this.#clock.timeOf(message)
    if (venueTime > this.#venueTime) this.#venueTime = venueTime
    const known = venueTime > Number.NEGATIVE_INFINITY ? venueTime : this.#latestTime(localTime)
    const builder = this.builder!
    builder.enter(localTime)
    switch (message.kind) {
      case MessageKind.Depth:
        this.meter.note(receiveTime, venueTime)
        if (!this.#isMarketChecked) this.#checkMarket()
        builder.depth(message, localTime, known)
        break
      case MessageKind.Ticker:
        this.#ticker(localTime, known)
        break
      case MessageKind.Trade:
        this.meter.note(receiveTime, venueTime)
        this.#trade(localTime, known)
        break
      case MessageKind.Snapshot:
        this.#snapshot(localTime, known)
        break
      case MessageKind.Other:
        this.#ignore(message.otherName)
        break
    }
  }

  refuse(error: DataError): void {
    this.#job.refuse(error)
  }

  rest(): void {
    this.tape?.drain()
  }

  #snapshot(localTime: number, exchTime: number): void {
    try {
      this.builder!.snapshot(this.#message, localTime, exchTime)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      this.#job.refuse(error)
    }
  }

  #latestTime(localTime: number): number {
    return this.#venueTime > Number.NEGATIVE_INFINITY ? this.#venueTime : localTime
  }

  #ticker(localTime: number, exchTime: number): void {
    const { lastId, bidTick, bidLots, askTick, askLots } = this.#message
    const rows = this.tape!.bbo
    rows.push(localTime, exchTime, BID_TOP, bidTick, bidLots, -1, lastId)
    rows.push(localTime, exchTime, ASK_TOP, askTick, askLots, -1, lastId)
    this.check?.ticker(lastId, bidTick, bidLots, askTick, askLots)
  }

  #trade(localTime: number, exchTime: number): void {
    const { tradeId, tick, lots, buyerIsMaker, isMarketTrade } = this.#message
    if (tradeId <= this.#tradeId) {
      this.repeatedTrades++
      return
    }
    if (this.#tradeId >= 0) this.missingTrades += tradeId - this.#tradeId - 1
    this.#tradeId = tradeId
    if (!isMarketTrade) {
      this.nonMarketTrades++
      return
    }
    const code = buyerIsMaker ? SELL_TRADE : BUY_TRADE
    this.tape!.l2.push(localTime, this.builder!.tradeTime(exchTime), code, tick, lots, -1, tradeId)
    this.totals.add(tick, lots, !buyerIsMaker)
  }

  /** Futures updates carry `pu`, spot updates do not: a wrong instrument shows at the first one. */
  #checkMarket(): void {
    this.#isMarketChecked = true
    const isSpot = this.#instrument.kind === 'spot'
    if (isSpot === this.#message.previousId < 0) return
    throw new DataError(
      'BAD_FIELD',
      `a depth update of a ${isSpot ? 'futures' : 'spot'} market, but the instrument is of kind ${this.#instrument.kind}`,
      { ...this.#place(), field: 'pu' },
    )
  }

  #ignore(name: string): void {
    const key = this.ignored.size < IGNORED_NAMES_MAX || this.ignored.has(name) ? name : 'others'
    this.ignored.set(key, (this.ignored.get(key) ?? 0) + 1)
  }
}

/**
 * Imports capture files, given in time order.
 *
 * @param spelling the symbol as the messages have it
 * @throws DataError for the first line that is not as it should be
 * @throws LobtraderError ABSENT_SNAPSHOT when no snapshot starts the book
 */
export async function importBinance(
  job: ImportJob,
  transaction: RowSink,
  spelling: string,
): Promise<ImportOutcome> {
  const { instrument } = transaction
  const grids = instrumentGrids(instrument, spelling)
  let shiftNs = 0
  if (job.fixClock) {
    const measuring = new CaptureReader(job.files, grids)
    const pass = new ClockPass(measuring.message)
    await measuring.read(pass)
    shiftNs = pass.meter.fixNs
  }
  const reader = new CaptureReader(job.files, grids)
  const pass = new ImportPass(reader, transaction, job, shiftNs)
  await reader.read(pass, (progress) => {
    job.onProgress?.({ ...progress, events: pass.tape?.events ?? 0 })
  })
  const { tape, builder } = pass
  if (tape === undefined || builder === undefined) {
    throw new DataError('TOO_FEW_ROWS', 'there is no message', { file: job.files.join(', ') })
  }
  if (!builder.hasBegun) throw absentSnapshot(job.files, builder)
  tape.finish()
  return {
    messages: reader.messages,
    events: tape.events,
    gaps: builder.gaps,
    duplicates: builder.counts.duplicates + pass.repeatedTrades,
    reordered: builder.counts.reordered,
    crossed: builder.crossed,
    fromNs: reader.epochNs + BigInt(pass.firstTime),
    toNs: reader.epochNs + BigInt(pass.lastTime),
    clockOffsetNs: pass.meter.offsetNs,
    clockFixed: job.fixClock && pass.meter.isBehind,
    warnings: warningsOf(pass, builder, job.fixClock),
    ...(pass.check === undefined ? {} : { verify: pass.check.result }),
    final: finalBook(builder.ladder, instrument),
    trades: pass.totals.summary(instrument),
  }
}

function absentSnapshot(files: readonly string[], builder: BookBuilder): LobtraderError {
  const names = files.join(', ')
  return new LobtraderError(
    'ABSENT_SNAPSHOT',
    builder.snapshots === 0
      ? `no depth snapshot in ${names}, so no book can be built; a later file of a longer capture has none, give the file before it first`
      : `none of the ${builder.snapshots} depth snapshots in ${names} is joined by the updates around it, so no book can be built`,
    { files: names },
  )
}

function warningsOf(pass: ImportPass, builder: BookBuilder, fixClock: boolean): string[] {
  const warnings: string[] = []
  const clock = pass.meter.warning(fixClock)
  if (clock !== undefined) warnings.push(clock)
  for (const { place, firstId, previousId, bookId } of builder.breaks) {
    const pu = previousId < 0 ? '' : ` (pu=${previousId})`
    warnings.push(
      `${place.file} line ${place.line}: depth update ${firstId} does not follow ${bookId}${pu}; the book is stale from here until the next snapshot`,
    )
  }
  if (builder.gaps > builder.breaks.length) {
    warnings.push(`${builder.gaps - builder.breaks.length} more gaps`)
  }
  if (builder.unjoined > 0) {
    warnings.push(`${builder.unjoined} snapshots were too old to be joined and were left out`)
  }
  if (builder.crossed > 0) warnings.push(`the book was crossed after ${builder.crossed} messages`)
  if (pass.nonMarketTrades > 0) {
    warnings.push(
      `${pass.nonMarketTrades} trades that no order book made (X is not MARKET) were left out`,
    )
  }
  if (pass.repeatedTrades > 0) warnings.push(`${pass.repeatedTrades} repeated trades were left out`)
  if (pass.missingTrades > 0) warnings.push(`${pass.missingTrades} trade ids are missing`)
  if (pass.ignored.size > 0) {
    const kinds = [...pass.ignored].map(([name, count]) => `${count} of ${name}`).join(', ')
    warnings.push(`messages of other kinds were left out: ${kinds}`)
  }
  return warnings
}
