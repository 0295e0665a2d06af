export { eventsDigest } from './events-digest.ts'
export type { PartitionInfo } from './partition.ts'
export { Store, openStore, type LoadedPartition, type StoreQuery } from './store.ts'
export { StoreTransaction, beginImport, type ImportOptions } from './store-transaction.ts'
