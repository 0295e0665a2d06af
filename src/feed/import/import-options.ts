/** What an import is told. */
import type { Instrument } from '../../market/index.ts'
import type { ImportProgress } from './import-result.ts'

/** How a CSV file of any source is read; see the page of the format. */
export interface ImportCsvOptions {
  /** `trades`, `quotes`, `levels`, `snapshots` or `orders`; left out: the columns tell. */
  readonly rows?: string | undefined
  /** `s`, `ms`, `us`, `ns` or `iso`; left out: the first row tells. */
  readonly timeUnit?: string | undefined
  /** Words of the column side, such as `buy=B,sell=S`. */
  readonly sides?: string | undefined
  /** One sign, or `tab`; left out: the first line tells. */
  readonly separator?: string | undefined
  /** False for a file whose first line is a row. */
  readonly header?: boolean | undefined
}

/** What to import, and how. */
export interface ImportCaptureOptions {
  /** One of `IMPORT_FORMATS`. */
  readonly format: string
  /** Paths, in time order where several are one stream; gzip, zstd, zip or plain by content. */
  readonly files: readonly string[]
  /** Folder of the store. */
  readonly store: string
  /**
   * An instrument, or the path of its JSON. Without one, a format that fixes its grid uses that;
   * others measure it in the data and say so.
   */
  readonly instrument?: string | Instrument | undefined
  /** Compare the book with the venue's own best prices where the input has both. */
  readonly verify?: boolean | undefined
  /** Shift local times so that the smallest feed latency is 0.5 ms. */
  readonly fixClock?: boolean | undefined
  /** The day, `2012-06-21`, where neither rows nor file names tell. */
  readonly date?: string | undefined
  /** The time zone of the data, where its times are of the wall. */
  readonly timeZone?: string | undefined
  /** Name of the venue in the store, instead of the instrument's or the format's. */
  readonly venue?: string | undefined
  /**
   * Of a format with one instrument: its name in the store. Of a capture of many: which ones to
   * import, as the venue spells them.
   */
  readonly symbols?: readonly string[] | undefined
  /** How value follows from price, where no instrument is given and the data do not tell. */
  readonly kind?: string | undefined
  /** DBN: file of instrument definitions that gives the grid. */
  readonly definition?: string | undefined
  /** CSV: header or place (from 0) of each column by what it holds; see the format's page. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  /** CSV: what the columns do not tell. */
  readonly csv?: ImportCsvOptions | undefined
  /**
   * Go on with days that the store has instead of replacing them; events that begin before a day
   * ends are refused.
   */
  readonly append?: boolean | undefined
  /** Called after each block of input. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}
