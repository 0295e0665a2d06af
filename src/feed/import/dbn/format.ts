/** The format `dbn`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { refuseOptions } from '../refused-options.ts'
import { dbnTargets } from './dbn-instruments.ts'
import { importDbn } from './import-dbn.ts'
import { DbnSurvey } from './survey.ts'

/** Databento's binary files. */
export const DBN: ImportFormatEntry = {
  name: 'dbn',
  description:
    'Databento DBN files, versions 1 to 3: orders (mbo), levels (mbp-1, tbbo, mbp-10), trades; many symbols',
  detects: (head) =>
    Buffer.from(head.subarray(0, 3)).toString('latin1') === 'DBN' && head[3]! >= 1 && head[3]! <= 9,
  prepare: async (options) => {
    refuseOptions(options, {
      verify: 'its files hold no second view of the book to compare with',
      date: 'its records carry their times',
      timeZone: 'its times are UTC',
      columns: 'its records are binary',
    })
    const survey = new DbnSurvey()
    await survey.read(options.files)
    const { targets, warnings } = await dbnTargets(survey, options)
    return {
      instruments: targets.map(({ instrument }) => instrument),
      warnings,
      run: async (job, sinks) => await importDbn(job, survey, targets, sinks),
    }
  },
}
