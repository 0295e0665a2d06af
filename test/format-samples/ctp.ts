/** Small files of CTP snapshots, by the field names of CThostFtdcDepthMarketDataField. */

const LEVELS = [1, 2, 3, 4, 5]
const HEADER = [
  'TradingDay,InstrumentID,LastPrice,HighestPrice,LowestPrice,Volume,Turnover,SettlementPrice',
  'UpdateTime,UpdateMillisec,ActionDay',
  ...LEVELS.map((i) => `BidPrice${i},BidVolume${i},AskPrice${i},AskVolume${i}`),
].join(',')
const NONE = '1.7976931348623157e+308'

/** A snapshot: time, ms, volume and turnover of the day, bids and asks as [price, size]. */
export interface CtpSnapshot {
  readonly day?: string
  readonly time: string
  readonly ms?: number
  readonly volume: number
  readonly turnover: string
  readonly bids: readonly (readonly [string, number])[]
  readonly asks: readonly (readonly [string, number])[]
  readonly settle?: string
}

export const ctpFile = (rows: readonly CtpSnapshot[]): string => {
  const lines = rows.map((row) => {
    const { day = '20210104', time, ms = 0, volume, turnover, bids, asks, settle = NONE } = row
    const levels = LEVELS.flatMap((i) => [bids[i - 1] ?? [NONE, 0], asks[i - 1] ?? [NONE, 0]])
    const cells = [day, 'ag2106', '5000', '6000', '4000', volume, turnover, settle, time, ms, day]
    return [...cells, ...levels.flat()].join(',')
  })
  return `${HEADER}\n${lines.join('\n')}\n`
}

/** A session with a break, and a settled row behind it. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const bids = [['4999', 3] as const, ['4998', 5] as const]
  const asks = [['5001', 2] as const]
  const rows: CtpSnapshot[] = [
    { time: '09:00:00', volume: 0, turnover: '0', bids, asks },
    { time: '09:00:00', ms: 500, volume: 3, turnover: '225000.000000', bids, asks },
    { time: '10:30:00', volume: 4, turnover: '300015', bids: [], asks },
    { time: '15:30:00', volume: 4, turnover: '300015', bids, asks, settle: '5000' },
  ]
  return [{ name: 'ag2106.csv', bytes: Buffer.from(ctpFile(rows)) }]
}
