/** Every format that an import knows, in the order of the help. */
import { BINANCE } from './binance/format.ts'
import { BITSTAMP_L3 } from './bitstamp-l3/format.ts'
import { BINANCE_ARCHIVE } from './binance-archive/format.ts'
import { CRYPTOFEED } from './cryptofeed/format.ts'
import { BYBIT_ARCHIVE } from './bybit-archive/format.ts'
import { CTP } from './ctp/format.ts'
import { CSV } from './csv/format.ts'
import { DBN } from './dbn/format.ts'
import { HFTBACKTEST } from './hftbacktest/format.ts'
import type { ImportFormatEntry } from './import-job.ts'
import { ITCH50 } from './itch50/format.ts'
import { LOBSTER } from './lobster/format.ts'
import { TARDIS } from './tardis/format.ts'

/** @see module comment */
export const FORMATS: readonly ImportFormatEntry[] = [
  BINANCE,
  CRYPTOFEED,
  BINANCE_ARCHIVE,
  TARDIS,
  BYBIT_ARCHIVE,
  LOBSTER,
  ITCH50,
  DBN,
  HFTBACKTEST,
  BITSTAMP_L3,
  CTP,
  CSV,
]
