/** A small Binance USD-M capture in the venue's own form, made by hand for tests. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const START_MS = 1_723_161_600_000
/** Receive time of the capture is this long behind the venue's clock. */
export const CLOCK_BEHIND_MS = 1270

/** The instrument of {@link captureLines}. */
export const INSTRUMENT = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.10',
  lotSize: '0.001',
  multiplier: '1',
}

function line(ms: number, message: object): string {
  // 2 ms on the way; the receiving clock is late.
  return `${ms + 2 - CLOCK_BEHIND_MS}000000 ${JSON.stringify(message)}`
}

function depth(step: number, b: readonly string[][], a: readonly string[][]): string {
  const ms = START_MS + 100 * step
  const u = 1000 + 10 * step
  const data = { e: 'depthUpdate', E: ms, T: ms, s: 'BTCUSDT', U: u - 9, u, pu: u - 10, b, a }
  return line(ms, { stream: 'btcusdt@depth@0ms', data })
}

function trade(step: number, p: string, q: string, m: boolean): string {
  const ms = START_MS + 100 * step + 50
  const data = { e: 'trade', E: ms, T: ms, s: 'BTCUSDT', t: step, p, q, X: 'MARKET', m }
  return line(ms, { stream: 'btcusdt@trade', data })
}

/**
 * A snapshot, then one depth update and one trade every 100 ms: the touch steps up and down by
 * one tick around 60000.0 / 60000.1, and trades hit both sides in turn.
 */
export function captureLines(steps: number): string[] {
  const lines = [depth(0, [['59999.90', '1.000']], [])]
  const ladder = (first: number, step: number): string[][] =>
    Array.from({ length: 20 }, (_, i) => [(first + step * i).toFixed(2), '5.000'])
  lines.push(
    line(START_MS + 10, {
      lastUpdateId: 1000,
      E: START_MS + 10,
      T: START_MS + 10,
      bids: ladder(60_000, -0.1),
      asks: ladder(60_000.1, 0.1),
    }),
  )
  for (let step = 1; step <= steps; step++) {
    const isUp = Math.floor(step / 5) % 2 === 1
    const size = (3 + (step % 7) / 10).toFixed(3)
    const bids = isUp
      ? [['60000.10', size]]
      : [
          ['60000.10', '0.000'],
          ['60000.00', size],
        ]
    const asks = isUp
      ? [
          ['60000.10', '0.000'],
          ['60000.20', size],
        ]
      : [['60000.10', size]]
    lines.push(depth(step, bids, asks))
    const isSell = step % 2 === 0
    const bid = isUp ? '60000.10' : '60000.00'
    const ask = isUp ? '60000.20' : '60000.10'
    lines.push(trade(step, isSell ? bid : ask, '0.250', isSell))
  }
  return lines
}

/** Writes capture and instrument into a folder and returns their paths. */
export function writeCapture(
  folder: string,
  lines: readonly string[] = captureLines(300),
): { readonly capture: string; readonly instrument: string } {
  const capture = join(folder, 'capture.gz')
  const instrument = join(folder, 'instrument.json')
  writeFileSync(capture, gzipSync(`${lines.join('\n')}\n`))
  writeFileSync(instrument, JSON.stringify(INSTRUMENT))
  return { capture, instrument }
}
