export type { BookKeeper, CheckpointMaker } from './checkpoint-chain.ts'
export { attempt, writeAtomically, writeFailed, writeFully } from './disk.ts'
export { eventsDigest } from './events-digest.ts'
export { EXPORT_CSV_HEADER, exportCsv, type ExportResult } from './export-csv.ts'
export { exportParquet } from './export-parquet.ts'
export { kindOfWord, requireRows, rowWindow } from './export-rows.ts'
export type { PartitionInfo } from './partition.ts'
export type { ProjectedColumns, ProjectedPartition } from './project-columns.ts'
export type { SeekPoint } from './seek-point.ts'
export { MEMORY_BYTES_MIN, memoryBytes, type MemorySize } from './memory-budget.ts'
export {
  Store,
  emptyWindow,
  openStore,
  type LoadedPartition,
  type StoreQuery,
  type StreamOptions,
} from './store.ts'
export { badRow, type RowSink } from './instrument-rows.ts'
export { rowsAreSound, type RowFault } from './row-check.kernel.ts'
export {
  StoreImport,
  StoreTransaction,
  beginImport,
  type ImportOptions,
  type StoreImportOptions,
} from './store-transaction.ts'
export { selectPartitions, type PartitionFilter } from './partition-filter.ts'
export {
  queryStore,
  type QueryOptions,
  type QueryProgress,
  type ResultColumn,
  type SqlResult,
} from './sql/sql-session.ts'
export type { SqlValue } from './sql/sql-value.ts'
export {
  EVENT_VIEW_COLUMNS,
  INSTRUMENT_VIEW_COLUMNS,
  PARTITION_VIEW_COLUMNS,
  type SqlColumn,
} from './sql/sql-views.ts'
export type { ColumnName } from './tape-format.ts'
