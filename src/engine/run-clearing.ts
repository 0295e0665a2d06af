/**
 * The clearing of a run: connects its exchanges and desks with a {@link ClearingHouse}, which is
 * there only where margin is looked at, funding may be paid, or a contract expires.
 */
import type { Order } from '../order/index.ts'
import {
  ClearedCore,
  ClearingHouse,
  type ClearedDesk,
  type ClearedLane,
  type ExchangeFill,
  type ExchangeSetup,
  type FundingPaid,
  type ForcedOrder,
  type LaneTerms,
} from '../venue/index.ts'
import type { AccountSettings } from './account-options.ts'
import type { Agent } from './agent.ts'
import type { LaneOptions, MarketLane } from './market-lane.ts'
import type { DeskOwner } from './desk-options.ts'
import type { OrderDesk } from './order-desk.ts'

/** By how much the clocks of venue and receiver may differ. */
const CLOCK_ROOM_NS = 3600e9

/** @see module comment */
export class RunClearing {
  readonly house: ClearingHouse
  readonly #cores: ClearedCore[] = []

  private constructor(house: ClearingHouse) {
    this.house = house
  }

  /** Returns the clearing of a run; undefined where there is nothing to clear. */
  static of(
    account: AccountSettings,
    lanes: readonly LaneOptions[],
    given: { readonly accounts: number; readonly epochNs: bigint },
  ): RunClearing | undefined {
    const terms = lanes.map((lane, i): LaneTerms => {
      const { instrument } = lane.data
      return {
        instrument,
        margin: account.terms[i],
        funding: fundingOf(lane),
        settlementPrice: lane.settlementPrice,
      }
    })
    const isNeeded =
      account.checksMargin ||
      terms.some(({ funding }) => funding !== 'off') ||
      lanes.some((lane) => expiresIn(lane, given.epochNs))
    if (!isNeeded) return undefined
    const { mode, balances, checksMargin, liquidationFee } = account
    return new RunClearing(
      new ClearingHouse({ lanes: terms, ...given, mode, balances, checksMargin, liquidationFee }),
    )
  }

  /** Returns the exchange of a lane with the clearing in it. */
  setup(lane: number, setup: ExchangeSetup): ExchangeSetup {
    return {
      ...setup,
      make: (parts) => {
        const core = new ClearedCore(parts, setup, this.house.clearer(lane))
        this.#cores[lane] = core
        return core
      },
    }
  }

  /** Connects the exchanges, once they are open. */
  open(lanes: readonly MarketLane[], agents: readonly Agent[]): void {
    this.house.open(
      lanes.map((lane): ClearedLane => {
        const { model } = lane.exchange
        const core = this.#cores[lane.index]!
        return {
          core,
          desks: agents.map(
            (agent) => new DeskClearing(agent.accounts[lane.index]!.desk, agent, lane),
          ),
          advance: (until) => model.advance(until),
          submit: (order, exchTime) => model.submit(order, exchTime),
          cancelAll: (owner, exchTime) => model.cancelAll(owner, undefined, exchTime),
        }
      }),
    )
  }
}

/** True where the contract expires before the data end, or so soon after that clocks may differ. */
function expiresIn({ data, tape }: LaneOptions, epochNs: bigint): boolean {
  const { expiryNs } = data.instrument
  return expiryNs !== undefined && Number(expiryNs - epochNs) <= tape.lastTime + CLOCK_ROOM_NS
}

/** Rows of the tape that tell of funding count where there may be any. */
function fundingOf({ data, funding, tape }: LaneOptions): LaneTerms['funding'] {
  if (!data.instrument.isPerpetual || funding === 'off') return 'off'
  if (funding !== 'tape') return funding.length === 0 ? 'off' : funding
  return tape.hasFunding === false ? 'off' : 'tape'
}

/** A desk as the clearing house sees it. */
class DeskClearing implements ClearedDesk {
  readonly #desk: OrderDesk
  readonly #owner: DeskOwner
  readonly #lane: MarketLane

  constructor(desk: OrderDesk, owner: DeskOwner, lane: MarketLane) {
    this.#desk = desk
    this.#owner = owner
    this.#lane = lane
  }

  force(forced: ForcedOrder): Order {
    const { side, sizeLots, priceTicks, reason } = forced
    const { orders, rank } = this.#owner
    return this.#lane.orders.add({
      id: orders.nextId(),
      side,
      type: 'limit',
      timeInForce: 'IOC',
      priceTicks,
      sizeLots,
      owner: rank,
      forced: reason,
    })
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    this.#desk.filled(index, exchTime, fill)
    // No order of it was at the exchange, which keeps positions of its own.
    const { side, owner } = this.#lane.orders.at(index)
    this.#lane.exchange.model.movePosition(owner, side * fill.sizeLots, exchTime)
  }

  funded(payment: FundingPaid): void {
    this.#desk.tell(payment.exchTime, { kind: 'funded', payment })
  }
}
