export type { BarColumns, BarQuoteColumns } from './bars.ts'
export { blockTape } from './block-tape.ts'
export { memoryTape, type EventBlocks, type EventTape, type EventWindows } from './event-tape.ts'
export {
  BUY_BIT,
  EVENT_ROW_BYTES,
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  allocateEvents,
  codeSide,
  concatEvents,
  copyEvents,
  eventCode,
  exchangeOrder,
  sliceEvents,
  type EventColumns,
} from './events.ts'
export {
  INSTRUMENT_KINDS,
  Instrument,
  instrumentSchema,
  type InstrumentKind,
  type InstrumentSpec,
  type RoundMode,
} from './instrument.ts'
export { rowContent, type RowContent } from './row-content.ts'
export { TimeBound } from './time-bound.ts'
export { firstRowAfter, firstRowAtOrAfter } from './row-search.ts'
export { BUY, SELL, type Side } from './side.ts'
export type { OrderBookLevel, OrderBookSnapshot, Tick } from './tick.ts'
export type { DayPlan, MarketPhase, PlannedPhase, SessionPhase } from './calendar/day-plan.ts'
export { haltsOf, type Halt } from './calendar/halts.ts'
export {
  CALENDAR_NAMES,
  KNOWN_CALENDARS,
  alwaysOpenCalendar,
  cffexCalendar,
  globexCalendar,
  nasdaqCalendar,
} from './calendar/known-calendars.ts'
export { SessionCursor } from './calendar/session-cursor.ts'
export {
  TradingCalendar,
  type CalendarExceptions,
  type CalendarSpec,
  type TradingSession,
  type Weekday,
} from './calendar/trading-calendar.ts'
export { tickerTape, withTicker } from './ticker-tape.ts'
export type { QuoteColumns, TradeColumns } from './trades.ts'
export { rebasedTape } from './rebased-tape.ts'
export { VenueOrder } from './venue-order.ts'
export { retimedEvents, retimedTape, type ExtraNs } from './retimed-tape.ts'
