export type { ForcedReason, OrderRequest } from './order-request.ts'
export { mayBecome } from './order-life.ts'
export { Order } from './order.ts'
export { OrderTable } from './order-table.ts'
export {
  ORDER_STATUSES,
  ORDER_TYPES,
  SELF_TRADE_POLICIES,
  TIMES_IN_FORCE,
  TRIGGER_SOURCES,
  hasLimit,
  type EndStatus,
  type OrderStatus,
  type OrderType,
  type SelfTradePolicy,
  type TimeInForce,
  type TriggerSource,
} from './order-types.ts'
export { Position } from './position.ts'
export { Account, MARGIN_MODES, type MarginMode } from './account/account.ts'
export { CurrencyMarks } from './account/currency-marks.ts'
export {
  fundingPayment,
  fundingSchedule,
  parseFundingCsv,
  type FundingPoint,
  type FundingTime,
} from './account/funding.ts'
export type { AccountHolding, OrderChange, WorkingOrder } from './account/holding.ts'
export { LeverageBrackets, type LeverageBracket } from './account/leverage-brackets.ts'
export {
  MarginPool,
  bankruptcyTicks,
  marginPools,
  nextLiquidation,
  watchPrice,
  type Liquidation,
} from './account/liquidation.ts'
export { MarginTerms, type MarginOptions } from './account/margin-terms.ts'
export type { OrderRef, SpecialTerms, TrailDistance } from './special-terms.ts'
