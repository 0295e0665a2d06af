/** Small files of Tardis.dev tables, by the columns of docs.tardis.dev, "Downloadable CSV files". */

/** First local time of the samples, Unix microseconds. */
export const TARDIS_START_US = 1_598_918_400_000_000

const row = (ms: number, ...cells: readonly (string | number | boolean)[]): string => {
  const local = TARDIS_START_US + ms * 1000
  return ['deribit', 'BTC-PERPETUAL', local - 5000, local, ...cells].join(',')
}

const table = (columns: string, rows: readonly string[]): string =>
  `exchange,symbol,timestamp,local_timestamp,${columns}\n${rows.join('\n')}\n`

/** Rows of `incremental_book_L2`: ms, is_snapshot, side, price, amount. */
export const tardisBook = (
  rows: readonly (readonly [number, boolean, string, string, string])[],
): string =>
  table(
    'is_snapshot,side,price,amount',
    rows.map((cells) => row(...cells)),
  )

/** Rows of `trades`: ms, id, side, price, amount. */
export const tardisTrades = (
  rows: readonly (readonly [number, string, string, string, string])[],
): string =>
  table(
    'id,side,price,amount',
    rows.map((cells) => row(...cells)),
  )

/** Rows of `quotes`: ms, ask_amount, ask_price, bid_price, bid_amount. */
export const tardisQuotes = (
  rows: readonly (readonly [number, string, string, string, string])[],
): string =>
  table(
    'ask_amount,ask_price,bid_price,bid_amount',
    rows.map((cells) => row(...cells)),
  )

/** Rows of `book_snapshot_2`: ms, then price and amount of ask and bid, level by level. */
export const tardisLevels = (rows: readonly (readonly [number, ...string[]])[]): string => {
  const columns = [0, 1].flatMap((i) =>
    ['asks', 'bids'].flatMap((side) => [`${side}[${i}].price`, `${side}[${i}].amount`]),
  )
  return table(
    columns.join(','),
    rows.map((cells) => row(...cells)),
  )
}

/** A file of each table. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const files = {
    'book.csv': tardisBook([
      [0, true, 'ask', '100.5', '10'],
      [0, true, 'bid', '100', '20'],
      [10, false, 'ask', '100.5', '0'],
      [10, false, 'ask', '101', '1e-05'],
      [20, false, 'bid', '100', '30'],
    ]),
    'trades.csv': tardisTrades([
      [5, '7', 'buy', '100.5', '10'],
      [15, 'a-b', 'sell', '100', '2.5'],
    ]),
    'quotes.csv': tardisQuotes([
      [5, '10', '100.5', '100', '20'],
      [15, '', '', '100', '30'],
    ]),
    'levels.csv': tardisLevels([
      [0, '101', '1', '100', '2', '102', '3', '99', '4'],
      [30, '101', '1', '100.5', '2', '', '', '100', '2'],
    ]),
  }
  return Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
}
