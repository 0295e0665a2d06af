/** Small tables of no vendor in particular. */
import { EXPORT_CSV_HEADER } from '../../src/store/index.ts'

/** A file of each kind of rows, and one of our own export. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const files = {
    'trades.csv': 'timestamp,price,size,side\n1700000000.5,100.5,2,buy\n1700000001,100,1e-3,sell\n',
    'quotes.csv': '2013-01-01 22:00:00.295000+00:00,86.655,86.728\n',
    'levels.csv':
      'ts;type;side;px;qty\n1700000000000;snapshot;bid;100;2\n1700000000001;update;ask;101;3\n',
    'orders.csv':
      'time,order_id,action,side,price,qty\n1700000000,7,add,B,100,2\n1700000001,7,cancel,B,,\n',
    'export.csv': `${EXPORT_CSV_HEADER}\n1700000000000000000,1700000000000000000,trade,1,100.0,0.5,1000,5,-1,1,both\n`,
  }
  return Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
}
