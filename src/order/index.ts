export { Order, mayBecome, type OrderRequest } from './order.ts'
export {
  ORDER_STATUSES,
  ORDER_TYPES,
  TIMES_IN_FORCE,
  type OrderStatus,
  type OrderType,
  type TimeInForce,
} from './order-types.ts'
export { Position } from './position.ts'
