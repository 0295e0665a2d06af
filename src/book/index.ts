export { applyEvents, applyExchangeEvents, movesPhase } from './apply-events.kernel.ts'
export { applyOrderEvents } from './apply-orders.kernel.ts'
export {
  BookPhase,
  BookState,
  type BookOptions,
  type BookStatus,
  type CrossingPolicy,
} from './book-state.ts'
export { BookView, type BookDepth } from './book-view.ts'
export { applyFusedEvents } from './fused/apply-fused.kernel.ts'
export { FusedBookState } from './fused/fused-book-state.ts'
export { FusedBook } from './fused/fused-book.ts'
export { Ladder, NO_ASK, NO_BID, type LadderOptions } from './ladder.ts'
export {
  LevelMemory,
  type CompiledBook,
  BY_LEVEL,
  type RestingMemory,
  type RestingWatch,
} from './level-memory.ts'
export type {
  BookEvent,
  BookGap,
  BookStatusChange,
  LevelsMessage,
  OrdersMessage,
  SnapshotNeed,
  SnapshotReason,
  SymbolBookUpdate,
  SymbolOrderUpdate,
  TradeTotals,
} from './manager/book-events.ts'
export { ManagedBook, type ManagedBookOptions } from './manager/managed-book.ts'
export { OrderBookManager, type BookQueries } from './manager/order-book-manager.ts'
export type { SequenceRule, SequenceVerdict } from './manager/snapshot-recovery.ts'
export { OrderBookState, type OrderBookStateOptions, type OrderFaults } from './order-book-state.ts'
export {
  OrderBookL3,
  type OrderBookL3Options,
  type OrderUpdate,
  type OrdersSnapshot,
  type QueuePosition,
  type RestingOrder,
} from './order-book-l3.ts'
export {
  OrderOutcome,
  OrderQueues,
  type ModifyPriority,
  type OrderQueuesOptions,
} from './order-queues.ts'
export { OrderBook, type BookUpdate } from './order-book.ts'
export { QueuePlaces } from './queue-places.ts'
export { SnapshotLevels } from './snapshot-levels.ts'
export { TouchMark } from './touch-mark.ts'
