export * from './analyzers/index.ts'
export type { AccountOptions } from './account-options.ts'
export { Broker } from './broker.ts'
export {
  Cerebro,
  type BarDataOptions,
  type BookDataOptions,
  type CerebroOptions,
  type RunOptions,
  type StrategyOptions,
} from './cerebro.ts'
export { tuneCompiler } from './compiler.ts'
export { BAR_LINES, Data, QUOTE_LINES, type BarLine, type QuoteLine } from './data.ts'
export {
  parameterFromText,
  parameterSchema,
  resolveParameters,
  type ParameterDeclaration,
  type ParameterValues,
  type ParametersOf,
} from './parameters.ts'
export { delayedFeed, type FeedDelay } from './feed-delay.ts'
export { drawProgress, type Progress, type ProgressOption } from './progress.ts'
export { restingFates } from './resting-fates.ts'
export type {
  AccountSummary,
  DepthGrid,
  FillColumns,
  FundingRecord,
  LiquidationRow,
  MidColumns,
  OrderColumns,
  RunRecord,
  RunTotals,
  SampleColumns,
  TradeRecord,
} from './run-record.ts'
export { RunResult, type ReportFiles, type ReportPort } from './run-result.ts'
export type {
  Bracket,
  BracketOptions,
  CancelAllOptions,
  ExitOptions,
  OrderChange,
  OrderOptions,
  Trail,
} from './order-options.ts'
export { FixedSize, type Sizer } from './sizer.ts'
export {
  Strategy,
  overrides,
  strategySchema,
  type MarketTrade,
  type PriceRounding,
  type StrategyClass,
  type StrategyEntry,
  type WithParameters,
} from './strategy.ts'
export {
  scriptedOrders,
  type OrderScript,
  type ScriptedOrder,
  type SentOrder,
} from './scripted/scripted-orders.ts'
export {
  OUTCOME_STATUSES,
  orderOutcomes,
  type OrderOutcome,
  type OutcomeStatus,
} from './scripted/order-outcomes.ts'
export {
  compareOrders,
  pairOrders,
  type ActualOutcome,
  type AgreedShare,
  type Difference,
  type DistanceRow,
  type OrderAgreement,
  type OrderPair,
} from './scripted/order-agreement.ts'
export { calibrateOrders, type OrderCalibration } from './scripted/calibrate-orders.ts'
export { pairedFates } from './scripted/paired-fates.ts'
export type { CalibrationTask, OrderSetting } from './scripted/setting-search.ts'
