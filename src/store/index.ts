export type { PartitionInfo } from './partition.ts'
export { StoreTransaction, beginImport, type ImportOptions } from './store-transaction.ts'
