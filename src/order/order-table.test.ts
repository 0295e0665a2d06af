import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unitInstrument } from '../../test/tape.ts'
import { OrderTable } from './order-table.ts'
import type { Order } from './order.ts'

const add = (table: OrderTable, forced?: 'liquidation'): Order =>
  table.add({
    id: table.length + 1,
    owner: table.length % 3,
    side: 1,
    type: 'limit',
    timeInForce: 'GTC',
    priceTicks: 21,
    sizeLots: 300,
    ...(forced !== undefined && { forced }),
  })

describe('a table of orders', () => {
  it('gives the handle that is kept, and another of the same row where none is', () => {
    const draw = fc.tuple(fc.constantFrom('add', 'release', 'keep', 'look'), fc.nat(2000))
    const steps = fc.array(draw, { maxLength: 300, size: 'max' })
    fc.assert(
      fc.property(steps, fc.nat(1100), (drawn, first) => {
        const table = new OrderTable(unitInstrument)
        const made = Array.from({ length: first + 1 }, () => add(table))
        const isKept = made.map(() => true)
        for (const [kind, draw] of drawn) {
          const index = draw % made.length
          if (kind === 'add') {
            made.push(add(table))
            isKept.push(true)
          } else if (kind === 'look') {
            const handle = table.at(index)
            expect(handle === made[index]).toBe(isKept[index])
            expect([handle.index, handle.id]).toEqual([index, index + 1])
          } else {
            table[kind](made[index]!)
            isKept[index] = kind === 'keep'
          }
        }
        expect(made.map((order, i) => table.at(i) === order)).toEqual(isKept)
        expect(made.map((_, i) => table.ownerOf(i))).toEqual(made.map((_, i) => i % 3))
      }),
    )
  })

  it('has one handle of each order, once all are kept', () => {
    const table = new OrderTable(unitInstrument)
    const made = Array.from({ length: 600 }, () => add(table))
    for (const order of made.slice(0, 550)) table.release(order)
    table.keepAll()
    const given = made.map((_, i) => table.at(i))
    for (const order of given) table.release(order)
    expect(given.every((order, i) => table.at(i) === order)).toBe(true)
    expect(given.map((order, i) => order === made[i]).indexOf(true)).toBe(550)
  })

  it('knows by every handle what only some orders are', () => {
    const table = new OrderTable(unitInstrument)
    const [plain, forced] = [add(table), add(table, 'liquidation')]
    forced.end('filled', 1, 2)
    for (const order of [plain, forced]) table.release(order)
    expect([table.at(0).forced, table.at(1).forced]).toEqual([undefined, 'liquidation'])
  })
})
