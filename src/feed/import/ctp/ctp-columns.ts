/**
 * Columns of CTP snapshots: by the field names of CTP's `CThostFtdcDepthMarketDataField`, or by
 * those that recorders commonly write.
 */
import { DataError } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'

/** CTP sends up to five levels of a side. */
const LEVELS_MAX = 5

/** Places of the values in a row; -1 where the table has no such column. */
export interface CtpColumns {
  readonly epochMs: number
  readonly date: number
  readonly clock: number
  readonly millisecond: number
  readonly tradingDate: number
  readonly code: number
  readonly exchange: number
  readonly last: number
  readonly high: number
  readonly low: number
  readonly settle: number
  readonly cumVolume: number
  readonly cumTurnover: number
  /** What was traded since the row before, where the table tells. */
  readonly volume: number
  readonly turnover: number
  /** Price and size of each level of the bids, the best one first; likewise of the asks. */
  readonly bids: readonly (readonly [number, number])[]
  readonly asks: readonly (readonly [number, number])[]
}

/** True when a line is a header of such a table. */
export function isCtpHeader(header: readonly string[]): boolean {
  const has = (...names: readonly string[]): boolean => names.every((name) => header.includes(name))
  return (
    has('LastPrice', 'Volume', 'Turnover', 'BidPrice1', 'AskPrice1') ||
    has('cum_volume', 'cum_turnover', 'bid1', 'ask1')
  )
}

/** Returns where a header puts the values. @throws DataError UNKNOWN_FORMAT naming what is absent */
export function ctpColumns(header: readonly string[], place: LinePlace): CtpColumns {
  const at = (...names: readonly string[]): number => {
    for (const name of names) {
      const found = header.indexOf(name)
      if (found >= 0) return found
    }
    return -1
  }
  const needed = (...names: readonly string[]): number => {
    const found = at(...names)
    if (found >= 0) return found
    throw new DataError(
      'UNKNOWN_FORMAT',
      `snapshots need a column ${names.join(' or ')}, the header is ${shownText(header.join(','))}`,
      place.of(),
    )
  }
  const levels = (side: string, name: string): (readonly [number, number])[] => {
    const found: (readonly [number, number])[] = []
    for (let i = 1; i <= LEVELS_MAX; i++) {
      const price = at(`${name}Price${i}`, `${side}${i}`, `${side}_price_${i}`, `${side}_price${i}`)
      const names = [`${name}Volume${i}`, `${side}_qty${i}`]
      const size = at(...names, `${side}_volume_${i}`, `${side}_volume${i}`)
      if (price < 0 || size < 0) break
      found.push([price, size])
    }
    return found
  }
  const hasIntervals = at('cum_volume') >= 0
  const bids = levels('bid', 'Bid')
  const asks = levels('ask', 'Ask')
  if (bids.length === 0) needed('BidPrice1 and BidVolume1', 'bid1 and bid_qty1')
  if (asks.length === 0) needed('AskPrice1 and AskVolume1', 'ask1 and ask_qty1')
  const epochMs = at('epoch_ms_utc', 'epoch_ms')
  const isWall = epochMs < 0
  const date = ['ActionDay', 'action_date', 'date', 'TradingDay', 'trading_date'] as const
  const clock = ['UpdateTime', 'action_time_hhmmssmmm', 'update_time', 'time'] as const
  return {
    epochMs,
    date: isWall ? needed(...date) : at(...date),
    clock: isWall ? needed(...clock) : at(...clock),
    millisecond: at('UpdateMillisec', 'update_millisec'),
    tradingDate: at('TradingDay', 'trading_date', 'trading_day'),
    code: at('InstrumentID', 'code', 'instrument_id', 'symbol'),
    exchange: at('ExchangeID', 'exchange_id', 'exchange'),
    last: needed('LastPrice', 'last', 'last_price'),
    high: at('HighestPrice', 'high', 'high_price'),
    low: at('LowestPrice', 'low', 'low_price'),
    settle: at('SettlementPrice', 'settle', 'settlement_price'),
    cumVolume: needed('cum_volume', 'Volume', 'volume'),
    cumTurnover: needed('cum_turnover', 'Turnover', 'turnover'),
    volume: hasIntervals ? at('volume') : -1,
    turnover: hasIntervals ? at('turnover') : -1,
    bids,
    asks,
  }
}
