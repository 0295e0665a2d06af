/**
 * What fills and ends of orders mean to those tied to them; the names are those of FIX, tag 1385.
 *
 * One cancels the other (OCO): any fill of either, or its end, ends the other, as on QuantConnect
 * ("Contingent Orders": "even partially"); Binance lets a triggered leg do so too. One updates the
 * other (OUO): a fill takes its size from the other; its end ends the other. One triggers the other
 * (OTO): a child waits for its parent's fills.
 */
import type { OrderLedger } from './order-ledger.ts'
import { OrderLinks } from './order-links.ts'
import { cutTo, takeFrom } from './size-cut.ts'
import type { SpecialDesk } from './special-desk.ts'
import type { SpecialOrder } from './special-order.ts'

/** What the ties need of the gateway. */
export interface TiesParts {
  readonly ledger: OrderLedger
  readonly special: SpecialDesk
  /** Takes a plain order that rests into care; undefined when it is over. */
  readonly adopt: (index: number) => SpecialOrder | undefined
  /** Cancels an order, if it is not over. */
  readonly endOther: (index: number, reason: string) => void
}

const SIBLING = 'an order that it was tied to has filled or ended'
const PARENT = 'its parent has ended'
const RULES = ['oco', 'ouo'] as const

/** @see module comment */
export class OrderTies {
  readonly #parts: TiesParts
  readonly #links = new OrderLinks()
  /** Orders of which a fill has taken, and whose owner and core do not know yet. */
  #cut: number[] = []

  constructor(parts: TiesParts) {
    this.#parts = parts
  }

  /** Ties an order that has arrived. Returns false when the others' lives have ended its own. */
  tie(order: SpecialOrder, time: number): boolean {
    const { oco, ouo, parent } = order.special
    const sibling = oco ?? ouo
    if (sibling !== undefined) this.#tieTo(order, oco === undefined ? 'ouo' : 'oco', sibling.index)
    if (parent !== undefined) {
      this.#links.addChild(parent.index, order.index)
      this.#grant(order, parent.index)
    }
    if (order.openLots > 0) return true
    this.#parts.special.end(order, { kind: 'cancelled', reason: order.cutReason }, time)
    return false
  }

  /** Takes from the siblings of an order that has filled, at once, what they may trade no more. */
  noteFill(index: number, lots: number): void {
    for (const rule of RULES) {
      for (const each of this.#links.siblings(rule, index)) {
        const sibling = this.#parts.special.find(each)
        if (sibling === undefined) continue
        takeFrom(sibling, rule === 'oco' ? sibling.openLots : lots, SIBLING)
        this.#cut.push(each)
        // It ends because of this fill: that is no reason for what has filled to end.
        if (sibling.openLots <= 0) this.#links.leave(rule, each)
      }
    }
  }

  /** Does what follows from a fill, once the core is at rest. */
  followFill(index: number, time: number): void {
    const cut = this.#cut
    this.#cut = []
    for (const each of cut) this.#refresh(each, time)
    this.#grantChildren(index, time)
  }

  /** Does what follows from the end of an order. */
  followEnd(index: number, time: number): void {
    for (const each of this.#siblings(index)) this.#parts.endOther(each, SIBLING)
    this.#grantChildren(index, time)
    this.#links.forget(index)
  }

  #siblings(index: number): readonly number[] {
    return RULES.flatMap((rule) => this.#links.siblings(rule, index))
  }

  #tieTo(order: SpecialOrder, rule: 'oco' | 'ouo', sibling: number): void {
    const { ledger, adopt } = this.#parts
    const filledLots = ledger.filledLots(sibling)
    if (adopt(sibling) === undefined || (rule === 'oco' && filledLots > 0)) {
      takeFrom(order, order.openLots, SIBLING)
      return
    }
    this.#links.tie(rule, order.index, sibling)
    takeFrom(order, filledLots, SIBLING)
  }

  #grantChildren(parent: number, time: number): void {
    for (const each of this.#links.children(parent)) {
      const child = this.#parts.special.find(each)
      if (child === undefined) continue
      this.#grant(child, parent)
      this.#parts.special.refresh(child, time)
    }
  }

  /** Lets out of a child what its parent's fills allow; a parent that is over leaves no more. */
  #grant(child: SpecialOrder, parent: number): void {
    const { ledger } = this.#parts
    const filledLots = ledger.filledLots(parent)
    const isWhole = filledLots > 0 && filledLots >= ledger.sizeLots(parent)
    const isPart = child.special.parentFill !== 'full'
    child.grantedLots = isWhole ? Number.POSITIVE_INFINITY : isPart ? filledLots : 0
    if (isWhole || ledger.find(parent) !== undefined) return
    const left = Math.max(child.filledLots, child.grantedLots - child.takenLots)
    cutTo(child, left, PARENT)
  }

  #refresh(index: number, time: number): void {
    const order = this.#parts.special.find(index)
    if (order !== undefined) this.#parts.special.refresh(order, time)
  }
}
