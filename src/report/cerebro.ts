/** The Cerebro that people import: the engine's, with reports. */
import { Cerebro as EngineCerebro, type ReportPort } from '../engine/index.ts'
import { summaryTable } from './summary-table.ts'
import { writeReport } from './write-report.ts'

const reports: ReportPort = {
  summary: (record) => summaryTable(record),
  write: (record, dir) => writeReport(record, dir),
}

/** Takes data, strategies and analyzers, runs them, gives results that can report themselves. */
export class Cerebro extends EngineCerebro {
  protected override readonly reports = reports
}
