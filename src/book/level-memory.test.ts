import { expect, it } from 'vitest'
import { EventKind, EventWriter, eventCode } from '../market/index.ts'
import { Ladder } from './ladder.ts'
import { LevelMemory } from './level-memory.ts'

const tapes = [1, 2].map((lots) => {
  const writer = new EventWriter(0n, 16)
  for (let i = 0; i < 3000; i++) writer.push(i, i, eventCode(EventKind.Trade, 1), -1, lots)
  return writer.finish()
})

it('keeps the books of many markets apart, also of more than one memory holds', () => {
  const markets = LevelMemory.of(300)
  const books = markets.flatMap(({ local, exchange }) => [local, exchange])
  const arrays = [
    ...books.flatMap((book) => [book.side(0), book.side(1)]).flatMap((side) => Object.values(side)),
    ...markets.flatMap(({ exchange }) =>
      Object.values(exchange.resting({ frontAfterChange: (front) => front })),
    ),
  ]
  expect(arrays).toHaveLength(300 * (2 * 4 + 9))
  // The ends of each array, where another would begin that reached into it.
  const ends = arrays.flatMap((array) => [0, array.length - 1].map((at) => ({ array, at })))
  for (const [i, { array, at }] of ends.entries()) array[at] = 1 + (i % 100)
  // Rows that change no level still fill a block of each book, if the other one has others.
  for (const [i, book] of books.entries()) {
    const { bids } = new Ladder({}, book)
    expect(bids.count).toBe(0)
    expect(book.applyLevels(tapes[i % 2]!, undefined, 0, 0, 3000)).toBe(2048)
  }
  for (const [i, { array, at }] of ends.entries()) expect(array[at]).toBe(1 + (i % 100))
})
