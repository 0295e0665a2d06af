/** Which orders are tied to which: siblings that end or shrink each other, children of a parent. */

/** What a fill of one sibling does to the others. */
export type SiblingRule = 'oco' | 'ouo'

interface Group {
  readonly rule: SiblingRule
  readonly members: Set<number>
}

/** Ties by the index of orders. */
export class OrderLinks {
  readonly #groups = new Map<number, Group>()
  readonly #children = new Map<number, number[]>()

  /** Ties `index` to `other` and to all that `other` is tied to. */
  tie(rule: SiblingRule, index: number, other: number): void {
    const group = this.#groups.get(other) ?? { rule, members: new Set([other]) }
    group.members.add(index)
    this.#groups.set(other, group)
    this.#groups.set(index, group)
  }

  /** The rule by which an order is tied to others; undefined when it is not. */
  rule(index: number): SiblingRule | undefined {
    return this.#groups.get(index)?.rule
  }

  /** The orders that `index` is tied to, in the order in which they were. */
  siblings(index: number): readonly number[] {
    const group = this.#groups.get(index)
    return group === undefined ? [] : [...group.members].filter((each) => each !== index)
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
    this.#groups.get(index)?.members.delete(index)
    this.#groups.delete(index)
    this.#children.delete(index)
  }
}
