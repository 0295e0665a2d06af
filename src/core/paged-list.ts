/**
 * A long list of objects in pages that never move: one array that grows is copied again and again,
 * and the collector follows each copy.
 */
import { objectList } from './object-list.ts'

/** log2 of the places in a page. */
const PAGE_BITS = 10
const PAGE = 1 << PAGE_BITS
const IN_PAGE = PAGE - 1

/** Objects by number: 0, 1, ... A place may be empty. */
export class PagedList<T extends object> {
  readonly #pages: (T | undefined)[][] = objectList()
  /** One more than the greatest number that was ever set. */
  #length = 0

  /** Undefined where nothing is. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#pages[index >>> PAGE_BITS]![index & IN_PAGE] : undefined
  }

  /** Puts `item` at a place, which may lie beyond all others; the places between stay empty. */
  set(index: number, item: T | undefined): void {
    if (index >= this.#length) this.#grow(index)
    this.#pages[index >>> PAGE_BITS]![index & IN_PAGE] = item
  }

  #grow(index: number): void {
    this.#length = index + 1
    while (this.#pages.length * PAGE < this.#length) {
      this.#pages.push(new Array<T | undefined>(PAGE).fill(undefined))
    }
  }
}
