/** The exchange for market-by-order tapes, rule by rule. */
import { expect, it } from 'vitest'
import { OrderTape, l3Reports, ownOrder, submit } from '../../test/order-tape.ts'

/** Bids 10 at 100 (order 1), asks 10 at 102 (order 2), from time 1 on. */
const book = (): OrderTape => new OrderTape().add(1, 1, 1, 100, 10).add(1, 2, -1, 102, 10)

it('H3 L3 fill in queue: the fill of the order ahead is not ours, that of the one behind is, once', () => {
  const tape = new OrderTape()
    .add(1, 9, -1, 102, 10)
    .add(1, 1, 1, 100, 5)
    .add(3, 2, 1, 100, 5)
    .add(3, 3, 1, 100, 5)
    .fill(4, 1, 1, 100, 5)
    .cancel(5, 1, 5)
    .fill(6, 2, 1, 100, 5)
    .cancel(7, 2, 5)
    .fill(8, 3, 1, 100, 5)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 5))])).toEqual([
    '2 accepted 0 behind 5',
    '6 filled 0: 5 at 100, maker behind 0',
  ])
})

it('H4 L3 fill by crossing: the best of the other side comes to our price', () => {
  const tape = new OrderTape()
    .add(1, 1, 1, 98, 5)
    .add(1, 2, -1, 101, 5)
    .add(1, 3, -1, 103, 5)
    .add(4, 4, -1, 100, 5)
    .cancel(5, 4, 5)
    .add(6, 5, 1, 101, 5)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 100, 5)),
      submit(3, ownOrder(1, -1, 101, 5)),
    ]),
  ).toEqual([
    '2 accepted 0 behind 0',
    '3 accepted 1 behind 5',
    '4 filled 0: 5 at 100, maker behind 0',
  ])
  const sells = new OrderTape().add(1, 1, 1, 100, 5).add(1, 2, -1, 103, 5).add(4, 3, 1, 101, 5)
  expect(l3Reports(sells.events(), [submit(2, ownOrder(0, -1, 101, 5))])).toEqual([
    '2 accepted 0 behind 0',
    '4 filled 0: 5 at 101, maker behind 0',
  ])
})

it('H5 L3 clear: our orders expire with nothing filled', () => {
  const tape = book().clear(5).add(6, 3, 1, 100, 5)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 5))])).toEqual([
    '2 accepted 0 behind 10',
    '5 expired 0: the venue cleared its book',
  ])
  const oneSide = book().clear(5, -1)
  const both = [submit(2, ownOrder(0, 1, 100, 5)), submit(2, ownOrder(1, -1, 102, 5))]
  expect(l3Reports(oneSide.events(), both).slice(2)).toEqual([
    '5 expired 1: the venue cleared its book',
  ])
})

it('keeps our orders and their places over a snapshot that says the book anew', () => {
  const restated = (tape: OrderTape): OrderTape =>
    tape
      .snapshotBegin(5)
      .add(5, 1, 1, 100, 10)
      .add(5, 3, 1, 100, 4)
      .add(5, 2, -1, 102, 10)
      .snapshotEnd(5)
      .trade(6, -1, 100, 12)
      .fill(6, 1, 1, 100, 10)
      .fill(6, 3, 1, 100, 2)
      .cancel(6, 1, 10)
      .modify(6, 3, 100, 2)
  const expected = ['2 accepted 0 behind 10', '6 filled 0: 2 at 100, maker behind 10']
  const request = [submit(2, ownOrder(0, 1, 100, 5))]
  expect(l3Reports(restated(book().add(3, 3, 1, 100, 4)).events(), request)).toEqual(expected)
  expect(l3Reports(restated(book().add(3, 3, 1, 100, 4).clear(5)).events(), request)).toEqual(
    expected,
  )
})

it('N7 a trade exactly as large as the queue ahead fills nothing', () => {
  const tape = book().trade(5, -1, 100, 10).execute(5, 1, 100, 10).trade(6, -1, 100, 1)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 5))])).toEqual([
    '2 accepted 0 behind 10',
    '6 filled 0: 1 at 100, maker behind 0',
  ])
})

it('N9 the deletion of one other order leaves the rest of the queue ahead', () => {
  const tape = new OrderTape()
    .add(1, 9, -1, 102, 1)
    .add(1, 1, 1, 100, 4)
    .add(1, 2, 1, 100, 6)
    .cancel(5, 1, 4)
    .trade(6, -1, 100, 6)
    .execute(6, 2, 100, 6)
    .trade(7, -1, 100, 2)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 5))])).toEqual([
    '2 accepted 0 behind 10',
    '7 filled 0: 2 at 100, maker behind 0',
  ])
})

it('H23 lets two orders of ours share what a trade had left', () => {
  const tape = book().trade(5, -1, 100, 11).execute(5, 1, 100, 10)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 100, 5)),
      submit(2, ownOrder(1, 1, 100, 5)),
    ]),
  ).toEqual([
    '2 accepted 0 behind 10',
    '2 accepted 1 behind 15',
    '5 filled 0: 1 at 100, maker behind 10',
  ])
})

it('H21 fills in part at once, H22 and never more than the order has', () => {
  const tape = book()
    .trade(5, -1, 100, 13)
    .execute(5, 1, 100, 10)
    .trade(6, -1, 100, 20)
    .trade(7, -1, 100, 1)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 10))]).slice(1)).toEqual([
    '5 filled 0: 3 at 100, maker behind 10',
    '6 filled 0: 7 at 100, maker behind 0',
  ])
})

it('fills at our price by trades that went on to a worse one', () => {
  const tape = book()
    .add(1, 3, 1, 99, 8)
    .trade(5, -1, 100, 10)
    .execute(5, 1, 100, 10)
    .trade(5, -1, 99, 4)
    .execute(5, 3, 99, 4)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 10))]).slice(1)).toEqual([
    '5 filled 0: 4 at 100, maker behind 0',
  ])
})

it('fills by no more than the order that came to our price, which then has so much less', () => {
  const tape = book().cancel(3, 1, 10).add(5, 3, -1, 100, 4)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 100, 10)),
      submit(6, ownOrder(1, 1, 102, 12, { timeInForce: 'IOC' })),
    ]).slice(1),
  ).toEqual([
    '5 filled 0: 4 at 100, maker behind 0',
    '6 filled 1: 10 at 102, taker',
    '6 expired 1: nothing more to take within the limit',
  ])
})

it('does not count hidden executions, nor the fill of the aggressor itself', () => {
  const hidden = book().trade(5, 0, 100, 50).execute(5, -1, 100, 50)
  expect(l3Reports(hidden.events(), [submit(2, ownOrder(0, 1, 100, 5))]).slice(1)).toEqual([])
  // Order 3 rests at 98, is changed to buy at 102, and is told as filled on its own side.
  const changed = book()
    .add(1, 3, 1, 98, 5)
    .trade(5, 1, 102, 5)
    .fill(5, 3, 1, 102, 5)
    .fill(5, 2, -1, 102, 5)
    .cancel(5, 3, 5)
    .modify(5, 2, 102, 5)
  const requests = [submit(2, ownOrder(0, 1, 100, 5)), submit(2, ownOrder(1, -1, 102, 5))]
  expect(l3Reports(changed.events(), requests).slice(2)).toEqual([])
})

it('moves up when an order ahead shrinks, and passes one that a change sends behind', () => {
  const queue = (): OrderTape => new OrderTape().add(1, 9, -1, 102, 1).add(1, 1, 1, 100, 8)
  const sizeDown = queue().modify(3, 1, 100, 5).trade(5, -1, 100, 6).execute(5, 1, 100, 5)
  const request = [submit(2, ownOrder(0, 1, 100, 9))]
  expect(l3Reports(sizeDown.events(), request).slice(1)).toEqual([
    '5 filled 0: 1 at 100, maker behind 5',
  ])
  const sizeUp = queue().modify(3, 1, 100, 9).trade(5, -1, 100, 6).execute(5, 1, 100, 6)
  expect(l3Reports(sizeUp.events(), request).slice(1)).toEqual([
    '5 filled 0: 6 at 100, maker behind 0',
  ])
  const keeps = { modifyPriority: 'keep' } as const
  expect(l3Reports(sizeUp.events(), request, keeps).slice(1)).toEqual([])
  // The next part of an iceberg has the size of the one before it and none of its place.
  const iceberg = queue()
    .trade(3, -1, 100, 8)
    .fill(3, 1, 1, 100, 8)
    .modify(3, 1, 100, 8)
    .trade(5, -1, 100, 2)
    .fill(5, 1, 1, 100, 2)
    .modify(5, 1, 100, 6)
  expect(l3Reports(iceberg.events(), request).slice(1)).toEqual([
    '5 filled 0: 2 at 100, maker behind 0',
  ])
})

it('keeps its place right by rows that tell their side and touch no price of ours otherwise', () => {
  const amend = (time: number, size: number) =>
    ({ time, kind: 'amend', order: ownOrder(0, 1, 100, size) }) as const
  const tape = new OrderTape()
    .add(1, 9, -1, 102, 1)
    .add(1, 1, 1, 100, 8)
    .add(1, 2, 1, 99, 4)
    .add(1, 3, 1, 100, 2)
    .modify(11, 1, 100, 5, 1)
    .add(12, 4, 1, 100, 6)
    .cancel(21, 4, 2, 1)
    .modify(22, 2, 100, 4, 1)
    .cancel(31, 3, 2, 1)
    .modify(41, 1, 99, 5, 1)
  expect(
    l3Reports(tape.events(), [
      submit(10, ownOrder(0, 1, 100, 9)),
      amend(20, 8),
      amend(30, 7),
      amend(40, 6),
      amend(50, 5),
    ]),
  ).toEqual([
    '10 accepted 0 behind 10',
    '20 amended 0: 8 at 100, behind 7',
    '30 amended 0: 7 at 100, behind 7',
    '40 amended 0: 6 at 100, behind 5',
    '50 amended 0: 5 at 100, behind 0',
  ])
})

it('takes through real orders and remembers what it took until they are gone or changed', () => {
  const ioc = { timeInForce: 'IOC' } as const
  const tape = book()
    .add(1, 3, -1, 103, 5)
    .cancel(4, 2, 3)
    .add(6, 4, -1, 102, 1)
    .modify(8, 3, 103, 6)
  expect(
    l3Reports(tape.events(), [
      submit(3, ownOrder(0, 1, 103, 12, ioc)),
      submit(5, ownOrder(1, 1, 103, 99, ioc)),
      submit(7, ownOrder(2, 1, 103, 99, ioc)),
      submit(9, ownOrder(3, 1, 103, 99, ioc)),
    ]),
  ).toEqual([
    '3 filled 0: 10 at 102, taker',
    '3 filled 0: 2 at 103, taker',
    '5 filled 1: 3 at 103, taker',
    '5 expired 1: nothing more to take within the limit',
    '7 filled 2: 1 at 102, taker',
    '7 expired 2: nothing more to take within the limit',
    '9 filled 3: 6 at 103, taker',
    '9 expired 3: nothing more to take within the limit',
  ])
})

it('H20 FOK over two levels expires whole; IOC fills 4; GTC rests 1', () => {
  const tape = (): OrderTape =>
    new OrderTape().add(1, 1, -1, 101, 2).add(1, 2, -1, 102, 2).add(1, 3, 1, 99, 1)
  const taken = ['2 filled 0: 2 at 101, taker', '2 filled 0: 2 at 102, taker']
  const of = (timeInForce: 'FOK' | 'IOC' | 'GTC'): string[] =>
    l3Reports(tape().events(), [submit(2, ownOrder(0, 1, 102, 5, { timeInForce }))])
  expect(of('FOK')).toEqual(['2 expired 0: not all of it can be had within the limit'])
  expect(of('IOC')).toEqual([...taken, '2 expired 0: nothing more to take within the limit'])
  expect(of('GTC')).toEqual([...taken, '2 accepted 0 behind 0'])
})

it('rejects a post-only order that would take, and lets a market order walk the whole side', () => {
  const tape = book().add(1, 3, -1, 110, 5)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 102, 5, { timeInForce: 'GTX' })),
      submit(3, ownOrder(1, 1, 0, 20, { type: 'market', timeInForce: 'IOC' })),
      submit(4, ownOrder(2, 1, 102, 5, { timeInForce: 'GTX' })),
      submit(5, ownOrder(3, 1, 0, 5, { type: 'market', timeInForce: 'IOC' })),
    ]),
  ).toEqual([
    '2 rejected 0: a post-only order would have taken',
    '3 filled 1: 10 at 102, taker',
    '3 filled 1: 5 at 110, taker',
    '3 expired 1: nothing more stands on the opposite side',
    '4 accepted 2 behind 0',
    '5 expired 3: nothing stands on the opposite side',
  ])
})

it('H24 an amendment to less keeps the place, one to more or to another price loses it', () => {
  const tape = book().add(3, 3, 1, 100, 7)
  const amend = (time: number, price: number, size: number) =>
    ({ time, kind: 'amend', order: ownOrder(0, 1, price, size) }) as const
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 100, 5)),
      amend(4, 100, 3),
      amend(5, 100, 6),
      amend(6, 99, 6),
      amend(7, 102, 6),
      amend(8, 102, 9),
    ]),
  ).toEqual([
    '2 accepted 0 behind 10',
    '4 amended 0: 3 at 100, behind 10',
    '5 amended 0: 6 at 100, anew',
    '5 accepted 0 behind 17',
    '6 amended 0: 6 at 99, anew',
    '6 accepted 0 behind 0',
    '7 amended 0: 6 at 102, anew',
    '7 filled 0: 6 at 102, taker',
    '8 amendment of 0 rejected: the order no longer rests',
  ])
})

it('counts what has filled when an amendment asks for less than that', () => {
  const tape = book().trade(3, -1, 100, 12).execute(3, 1, 100, 10)
  const amend = (time: number, size: number) =>
    ({ time, kind: 'amend', order: ownOrder(0, 1, 100, size) }) as const
  expect(
    l3Reports(tape.events(), [submit(2, ownOrder(0, 1, 100, 5)), amend(4, 2), amend(5, 3)]).slice(
      1,
    ),
  ).toEqual([
    '3 filled 0: 2 at 100, maker behind 10',
    '4 amendment of 0 rejected: the order has filled that much already',
    '5 amended 0: 3 at 100, behind 0',
  ])
})

it('matches nothing while the market itself is crossed, and shares what an auction leaves', () => {
  const tape = new OrderTape()
    .add(1, 1, 1, 105, 4)
    .add(1, 2, -1, 100, 6)
    .trade(5, 0, 103, 6)
    .fill(5, 1, 0, 103, 4)
    .fill(5, 2, 0, 103, 6)
    .cancel(5, 1, 4)
    .cancel(5, 2, 6)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 104, 3)),
      submit(3, ownOrder(1, 1, 104, 3, { timeInForce: 'IOC' })),
    ]),
  ).toEqual([
    '2 accepted 0 behind 0',
    '3 expired 1: nothing to take within the limit',
    '5 filled 0: 2 at 104, maker behind 4',
  ])
})

it('waits for the executions of a taker that stands in the book first', () => {
  const tape = new OrderTape()
    .add(1, 1, 1, 99, 5)
    .add(1, 2, -1, 100, 5)
    .add(4, 3, 1, 100, 8)
    .execute(5, 2, 100, 5)
    .execute(6, 3, 100, 5)
    .trade(7, 0, 100, 5)
  expect(l3Reports(tape.events(), [submit(2, ownOrder(0, -1, 100, 9))])).toEqual([
    '2 accepted 0 behind 5',
    '5 filled 0: 3 at 100, maker behind 0',
  ])
})

it('refuses orders before there is a book, while trading is halted, and cancels of what is gone', () => {
  const tape = new OrderTape().status(5, false).add(2, 1, 1, 100, 5)
  const halted = new OrderTape().add(1, 1, 1, 100, 5).status(2, false)
  expect(l3Reports(tape.events(), [submit(1, ownOrder(0, 1, 100, 5))])).toEqual([
    '1 rejected 0: the exchange has no book yet, or a gap in it',
  ])
  expect(
    l3Reports(halted.events(), [
      submit(3, ownOrder(0, 1, 100, 5)),
      { time: 4, kind: 'cancel', index: 0 },
    ]),
  ).toEqual([
    '3 rejected 0: trading is halted',
    '4 cancel of 0 rejected: the order no longer rests',
  ])
})

it('lets a taker of ours meet real orders and ours on the other side in the order of their queue', () => {
  const tape = book().add(3, 3, -1, 102, 2).add(3, 4, -1, 104, 5)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, -1, 102, 4)),
      submit(2, ownOrder(1, -1, 103, 1)),
      submit(5, ownOrder(2, 1, 104, 18, { timeInForce: 'FOK', owner: 1 })),
      submit(6, ownOrder(3, 1, 104, 5, { timeInForce: 'IOC', owner: 1 })),
    ]).slice(2),
  ).toEqual([
    '5 filled 0: 4 at 102, maker behind 10',
    '5 filled 2: 16 at 102, taker',
    '5 filled 1: 1 at 103, maker behind 0',
    '5 filled 2: 1 at 103, taker',
    '5 filled 2: 1 at 104, taker',
    '6 filled 3: 4 at 104, taker',
    '6 expired 3: nothing more to take within the limit',
  ])
})

it('H25 a fill that comes before its cancel stands', () => {
  const tape = book().cancel(3, 1, 10).trade(5, -1, 100, 5)
  expect(
    l3Reports(tape.events(), [
      submit(2, ownOrder(0, 1, 100, 5)),
      { time: 5, kind: 'cancel', index: 0 },
    ]).slice(1),
  ).toEqual([
    '5 filled 0: 5 at 100, maker behind 0',
    '5 cancel of 0 rejected: the order no longer rests',
  ])
})
