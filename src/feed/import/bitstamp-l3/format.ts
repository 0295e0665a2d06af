/** The format `bitstamp-l3`. */
import { basename } from 'node:path'
import { LobtraderError } from '../../../core/index.ts'
import { measuredGridWarning } from '../grid-meter.ts'
import type { ImportFormatEntry } from '../import-job.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { givenInstrument, onlySymbol } from '../one-instrument.ts'
import { refuseOptions } from '../refused-options.ts'
import { kindOption, pairOf, storeName } from '../symbol-names.ts'
import { importBitstampL3 } from './import-bitstamp-l3.ts'
import { isLogLine } from './log-message.ts'
import { tableHead } from './orders-table.ts'
import { surveyLog } from './survey.ts'

/** Order events of one pair. */
export const BITSTAMP_L3: ImportFormatEntry = {
  name: 'bitstamp-l3',
  description: 'Bitstamp order events of one pair: raw logs, or tables of ob-analytics',
  detects: (head) => {
    const [line = ''] = Buffer.from(head.subarray(0, 4096)).toString('latin1').split('\n', 1)
    return isLogLine(line) || tableHead(line) !== undefined
  },
  prepare: async (options) => {
    refuseOptions(options, {
      date: 'its lines carry their times',
      timeZone: 'its times are UTC',
      definition: 'it measures its grid',
      columns: 'its columns are fixed',
    })
    const given = await givenInstrument(options)
    const survey = await surveyLog(options.files)
    if (options.verify === true && survey.books === 0) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--verify has nothing to compare: there is no order_book message in ${options.files.join(', ')}`,
      )
    }
    const instrument = given ?? survey.grids.instrument(specOf(options))
    return {
      instruments: [instrument],
      warnings: given === undefined ? [measuredGridWarning(instrument)] : [],
      run: async (job, [sink]) => await importBitstampL3(job, survey, sink!),
    }
  },
}

function specOf(options: ImportCaptureOptions) {
  const symbol = onlySymbol(options) ?? symbolInName(options.files[0] ?? '')
  return {
    venue: options.venue ?? 'bitstamp',
    symbol: storeName(symbol),
    kind: kindOption(options) ?? ('spot' as const),
    ...pairOf(symbol),
  }
}

/** The pair in a name such as `bitstamp_BTCUSD_2015-05-01_raw.log.gz`. */
function symbolInName(file: string): string {
  const match = /(?:^|[_-])([A-Za-z]{3,5}(?:USD[TC]?|EUR|GBP|BTC|ETH))(?=[_.-])/i.exec(
    basename(file),
  )
  if (match !== null) return match[1]!.toUpperCase()
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `the name of ${file} does not tell the pair; give it with --symbol BTCUSD`,
  )
}
