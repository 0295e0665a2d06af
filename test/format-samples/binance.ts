/** A small raw capture of Binance USD-M: snapshot, updates, trades, tickers, a gap, a recovery. */
import { PERPETUAL, depthLine, snapshotLine, tickerLine, tradeLine } from '../import-support.ts'
import type { SampleFile, SampleSettings } from './sample.ts'

/** The instrument of the capture. */
export const sampleSettings: SampleSettings = { instrument: PERPETUAL.spec }

/** One capture. */
export function sampleFiles(): readonly SampleFile[] {
  const lines = [
    depthLine(1, { U: 90, u: 95, pu: 89 }, [['60000.0', '1.000']]),
    snapshotLine(
      5,
      100,
      [
        ['60000.0', '5'],
        ['59999.9', '2.5'],
      ],
      [['60000.1', '5']],
    ),
    depthLine(10, { U: 98, u: 101, pu: 97 }, [['60000.0', '0.000']], [['60000.2', '7.250']]),
    tickerLine(11, 101, ['59999.90', '2.5'], ['60000.10', '5']),
    tradeLine(12, 5000, '60000.10', '0.010'),
    tradeLine(13, 5001, '60000.20', '1.5', { m: true, X: 'INSURANCE_FUND' }),
    depthLine(20, { U: 102, u: 103, pu: 101 }, [], [['60000.1', '0']]),
    depthLine(30, { U: 110, u: 111, pu: 109 }, [['59999.8', '3']]),
    snapshotLine(40, 111, [['60000.0', '1']], [['60000.1', '1']]),
    depthLine(50, { U: 112, u: 112, pu: 111 }, [['60000.0', '4']]),
  ]
  return [{ name: 'btcusdt_20240808.txt', bytes: Buffer.from(`${lines.join('\n')}\n`) }]
}
