/** Imports generation after generation into one store until it is killed. */
import { EventWriter, Instrument } from '../../dist/market/index.js'
import { beginImport } from '../../dist/store/index.js'

const [dir, from, rows] = process.argv.slice(2)
const MIDNIGHT = 1_723_075_200_000_000_000n
const DAY = 86_400_000_000_000
const ROWS = Number(rows)

const instrument = new Instrument({
  venue: 'test',
  symbol: 'UNIT',
  kind: 'spot',
  base: 'U',
  quote: 'Q',
  tickSize: '1',
  lotSize: '1',
})

/** Rows over midnight; every size of generation g is g, so that a mixture would show. */
function rowsOf(generation) {
  const writer = new EventWriter(MIDNIGHT, ROWS)
  for (let i = 0; i < ROWS; i++) {
    const time = DAY - (ROWS / 2) * 1000 + i * 1000
    writer.push(time, time - (i % 7), 0x12, (i * 7919) % 1000, generation, -1, i)
  }
  return writer.rows
}

process.stdout.write('ready\n')
for (let generation = Number(from); ; generation++) {
  const transaction = beginImport(dir, { instrument })
  const columns = rowsOf(generation)
  transaction.append('l2', columns)
  transaction.append('bbo', columns)
  transaction.commit()
  process.stdout.write(`${generation}\n`)
}
