export { CsvBars, type CsvBarsFormat, type CsvBarsOptions } from './csv-bars.ts'
export type { CsvTimeUnit } from './csv-bar-rows.ts'
export type { CsvColumn, CsvColumns } from './csv-columns.ts'
