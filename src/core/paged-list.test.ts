import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PagedList } from './paged-list.ts'

interface Item {
  readonly id: number
}

describe('a paged list', () => {
  it('holds what was set, as a sparse array does', () => {
    const steps = fc.array(fc.tuple(fc.nat(5000), fc.boolean()), { maxLength: 200, size: 'max' })
    fc.assert(
      fc.property(steps, (sets) => {
        const list = new PagedList<Item>()
        const model = new Map<number, Item | undefined>()
        for (const [id, isEmpty] of sets) {
          const item = isEmpty ? undefined : { id }
          list.set(id, item)
          model.set(id, item)
        }
        const end = Math.max(-1, ...model.keys()) + 2
        for (let i = 0; i <= end; i++) expect(list.at(i)).toBe(model.get(i))
      }),
    )
  })
})
