/** A small LOBSTER pair of two levels: every type of message. */
import type { SampleFile, SampleSettings } from './sample.ts'

/** The two files are one input. */
export const sampleSettings: SampleSettings = { together: true }

const ROWS: readonly (readonly [message: string, book: string])[] = [
  ['34200.017459617,1,11,100,1000000,1', '1000100,50,1000000,100,1000200,10,999900,20'],
  ['34200.018,1,12,30,1000000,1', '1000100,50,1000000,130,1000200,10,999900,20'],
  ['34200.018,4,11,40,1000000,1', '1000100,50,1000000,90,1000200,10,999900,20'],
  ['34200.5,5,0,10,1000050,-1', '1000100,50,1000000,90,1000200,10,999900,20'],
  ['34201.25,2,12,10,1000000,1', '1000100,50,1000000,80,1000200,10,999900,20'],
  ['34202,3,12,20,1000000,1', '1000100,50,1000000,60,1000200,10,999900,20'],
  ['34203,6,-1,500,1000000,-1', '1000100,50,1000000,60,1000200,10,999900,20'],
  ['34204,7,0,0,-1,-1', '1000100,50,1000000,60,1000200,10,999900,20'],
  ['34205,3,99,50,1000100,-1', '1000200,10,1000000,60,9999999999,0,999900,20'],
  ['34206,7,0,0,1,-1', '1000200,10,1000000,60,9999999999,0,999900,20'],
]

/** The message file and its orderbook file. */
export function sampleFiles(): readonly SampleFile[] {
  const stem = 'XMPL_2012-06-21_34200000_57600000'
  const file = (name: string, column: 0 | 1): SampleFile => ({
    name: `${stem}_${name}_2.csv`,
    bytes: Buffer.from(`${ROWS.map((row) => row[column]).join('\n')}\n`),
  })
  return [file('message', 0), file('orderbook', 1)]
}
