/** Finds out what the columns of a CSV file hold: as the user says, or by usual names. */
import { DataError, LobtraderError, didYouMean } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'
import type { CsvOptions, CsvRows } from './csv-options.ts'

/** Levels of a side that a row may have. */
const LEVELS_MAX = 50

/** Usual names of columns, small letters and digits only; `#` stands for the number of a level. */
const ALIASES: Readonly<Record<string, string>> = {
  time: 'localtime localtimens localtimestamp recvtime receivetime recvts timestamp time datetime ts timestampns timestampus timestampms epoch',
  date: 'date day tradingday tradedate',
  exch_time:
    'exchtime exchtimens exchtimestamp exchangetime exchangetimestamp eventtime venuetime transacttime',
  symbol: 'symbol code instrument instrumentid ticker pair',
  kind: 'kind type action event eventtype updatetype issnapshot',
  side: 'side direction takerside aggressor aggressorside',
  price: 'price px tradeprice lastprice last',
  size: 'size qty quantity amount volume vol',
  bid_price: 'bid bidprice bestbid bestbidprice bidpx',
  bid_size: 'bidsize bidqty bidvolume bidamount bestbidqty bestbidsize bidquantity',
  ask_price: 'ask askprice bestask bestaskprice askpx offer offerprice',
  ask_size: 'asksize askqty askvolume askamount bestaskqty bestasksize askquantity offersize',
  'bid_price_#': 'bidprice# bid#price bidpx# bid# bids#price',
  'bid_size_#': 'bidsize# bidqty# bidvolume# bid#size bid#qty bid#volume bids#size bids#amount',
  'ask_price_#': 'askprice# ask#price askpx# ask# asks#price',
  'ask_size_#': 'asksize# askqty# askvolume# ask#size ask#qty ask#volume asks#size asks#amount',
  order_id: 'orderid oid orderref',
  trade_id: 'tradeid tid',
  seq: 'seq sequence sequencenumber seqnum updateid',
}

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Where the values of a row stand. */
export interface CsvTable {
  readonly rows: CsvRows
  /** Place of a named column, -1 where the file has none. */
  readonly at: (name: string) => number
  /** Places of [price, size] of each level, -1 for a size that is not told. */
  readonly bids: readonly (readonly [number, number])[]
  readonly asks: readonly (readonly [number, number])[]
  /** How the columns are read, for the report. */
  readonly sentence: string
}

/**
 * Returns what the columns hold.
 *
 * @param header names, or undefined for a file without them
 * @param width  columns of the first row
 * @throws LobtraderError BAD_ARGUMENT for a column map that does not fit
 * @throws DataError BAD_FIELD when a column that the rows need cannot be found
 */
export function csvTable(
  options: CsvOptions,
  header: readonly string[] | undefined,
  width: number,
  place: LinePlace,
): CsvTable {
  const places = givenPlaces(options, header, width)
  const names = header?.map(plainName) ?? []
  const at = (name: string): number => places.get(name) ?? -1
  const look = (name: string): number => {
    if (!places.has(name)) {
      const [, stem, number] = /^(.*_)(\d+)$/.exec(name) ?? []
      const aliases = (ALIASES[stem === undefined ? name : `${stem}#`] ?? '').replaceAll(
        '#',
        number ?? '',
      )
      const taken = new Set(places.values())
      const found = aliases
        .split(' ')
        .map((alias) => names.findIndex((column, i) => column === alias && !taken.has(i)))
        .find((i) => i >= 0)
      if (found !== undefined) places.set(name, found)
    }
    return at(name)
  }
  for (const name of Object.keys(ALIASES)) if (!name.includes('#')) look(name)
  let bids = levelsOf('bid', look)
  let asks = levelsOf('ask', look)
  const rows = options.rows ?? rowsOf(at, bids.length + asks.length)
  if (bids.length + asks.length === 0 && (rows === 'quotes' || rows === 'snapshots')) {
    bids = at('bid_price') < 0 ? [] : [[at('bid_price'), at('bid_size')]]
    asks = at('ask_price') < 0 ? [] : [[at('ask_price'), at('ask_size')]]
  }
  const absent = neededBy(rows, bids.length + asks.length).filter((name) => at(name) < 0)
  if (absent.length > 0) {
    const what = header === undefined ? `a row of ${width} columns` : shownText(header.join(','))
    throw new DataError(
      'BAD_FIELD',
      `rows of ${rows} need ${absent.join(' and ')}, which ${what} does not tell; say it with --column ${absent[0]!}=HEADER_OR_INDEX, or what the rows are with --rows`,
      place.of(),
    )
  }
  const used = [...places].filter(([, column]) => column >= 0)
  const shown = used.map(([name, column]) => `${name} from ${header?.[column] ?? column}`)
  const isSizeless = [...bids, ...asks].some(([, size]) => size < 0)
  const sizes = isSizeless ? '; without a size a price holds one lot' : ''
  const sentence = `rows are read as ${rows}: ${shown.join(', ')}${sizes}`
  return { rows, at, bids, asks, sentence }
}

/** The map of the user: a name of the header, or a place from 0. */
function givenPlaces(
  { columns }: CsvOptions,
  header: readonly string[] | undefined,
  width: number,
): Map<string, number> {
  const known = Object.keys(ALIASES)
  const places = new Map<string, number>()
  for (const [name, column] of Object.entries(columns)) {
    if (!known.includes(name.replace(/_\d+$/, '_#')) && !known.includes(name)) {
      const all = known.map((one) => one.replace('#', '1'))
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--column knows no "${name}"${didYouMean(name, all)} (known: ${all.join(', ')})`,
        { column: name },
      )
    }
    const named = header?.indexOf(column) ?? -1
    const at = named >= 0 ? named : /^\d{1,4}$/.test(column) ? Number(column) : -1
    if (at < 0 || at >= width) {
      const hint = header === undefined ? '' : didYouMean(column, header)
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--column ${name}=${column}: there is no such column among the ${width} of the file (places count from 0)${hint}`,
        { column: name },
      )
    }
    places.set(name, at)
  }
  return places
}

function levelsOf(side: string, look: (name: string) => number): (readonly [number, number])[] {
  const levels: (readonly [number, number])[] = []
  for (let i = 1; i <= LEVELS_MAX; i++) {
    const price = look(`${side}_price_${i}`)
    if (price < 0) break
    levels.push([price, look(`${side}_size_${i}`)])
  }
  return levels
}

function rowsOf(at: (name: string) => number, levels: number): CsvRows {
  if (levels > 0) return 'snapshots'
  if (at('bid_price') >= 0 || at('ask_price') >= 0) return 'quotes'
  if (at('order_id') >= 0 && at('kind') >= 0) return 'orders'
  return at('kind') >= 0 && at('side') >= 0 ? 'levels' : 'trades'
}

function neededBy(rows: CsvRows, levels: number): readonly string[] {
  const time = ['time']
  if (rows === 'trades') return [...time, 'price', 'size']
  if (rows === 'levels') return [...time, 'side', 'price', 'size']
  if (rows === 'orders') return [...time, 'order_id', 'kind', 'side', 'price', 'size']
  return levels > 0 ? time : [...time, 'bid_price', 'ask_price']
}
