/** Which orders are tied to which: siblings that end or shrink each other, children of a parent. */

/** What a fill of one sibling does to the others. */
export type SiblingRule = 'oco' | 'ouo'

type Groups = Map<number, Set<number>>

/** Ties by the index of orders; an order may have siblings under each of the two rules. */
export class OrderLinks {
  readonly #groups: Readonly<Record<SiblingRule, Groups>> = { oco: new Map(), ouo: new Map() }
  readonly #children = new Map<number, number[]>()

  /** Ties `index` to `other` and to all that `other` is tied to by the same rule. */
  tie(rule: SiblingRule, index: number, other: number): void {
    const groups = this.#groups[rule]
    const members = groups.get(other) ?? new Set([other])
    members.add(index)
    groups.set(other, members)
    groups.set(index, members)
  }

  /** The orders that `index` is tied to by a rule, in the order in which they were. */
  siblings(rule: SiblingRule, index: number): readonly number[] {
    const members = this.#groups[rule].get(index)
    return members === undefined ? [] : [...members].filter((each) => each !== index)
  }

  /** Unties an order from its siblings by a rule. */
  leave(rule: SiblingRule, index: number): void {
    const groups = this.#groups[rule]
    groups.get(index)?.delete(index)
    groups.delete(index)
  }

  addChild(parent: number, child: number): void {
    const children = this.#children.get(parent)
    if (children === undefined) this.#children.set(parent, [child])
    else children.push(child)
  }

  children(parent: number): readonly number[] {
    return this.#children.get(parent) ?? []
  }

  /** Forgets the ties of an order that is over, once all that follows from its end is done. */
  forget(index: number): void {
    this.leave('oco', index)
    this.leave('ouo', index)
    this.#children.delete(index)
  }
}
