import { expect, it } from 'vitest'
import { book, run } from '../../test/scripted-run.ts'
import { Tape } from '../../test/tape.ts'
import { Strategy } from './strategy.ts'

it('tells a strategy of each status of its book, at its time, also of those that do not last', async () => {
  const log: string[] = []
  class Watch extends Strategy {
    override onBookStatus(status: string): void {
      log.push(`${status} ${this.now}`)
    }
  }
  const tape = new Tape()
    .snapshot(100, [[99, 5]], [[101, 5]])
    .bid(200, 101, 1)
    .trade(220, 1, 101, 1)
    .ask(250, 101, 0)
    .ask(250, 102, 3)
    .gap(300)
    .snapshot(300, [[98, 5]], [[100, 5]])
    .bid(400, 98, 0)
    .ask(400, 100, 0)
    .bid(500, 90, 1)
  await run(tape.events(), Watch)
  expect(log).toEqual([
    'live 100',
    'crossed 200',
    'live 250',
    'stale 300',
    'live 300',
    'empty 400',
    'live 500',
  ])
})

it('gives a strategy its books by symbol, as they have reached it', async () => {
  const log: unknown[] = []
  const statuses: string[] = []
  class Ask extends Strategy {
    override start(): void {
      this.books.onStatus(({ symbol, from, to, timeNs }) =>
        statuses.push(`${symbol} ${from} ${to} ${timeNs}`),
      )
      this.after(1000 - this.now, () => {
        log.push(this.books.symbols, this.books.getBestBid('UNIT')?.price)
      })
      this.after(6000 - this.now, () => {
        log.push(this.books.getBestBid('UNIT')?.price, this.books.get('UNIT') === this.book)
        expect(() => this.books.get('UNIX')).toThrow('did you mean "UNIT"?')
        expect(() => this.books.getTrades('UNIT')).toThrow('onTrade')
      })
    }
  }
  await run(book().bid(5000, 100, 0).gap(7000).events(), Ask)
  expect(log).toEqual([['UNIT'], 100, 99, true])
  expect(statuses).toEqual(['UNIT live stale 7000'])
})
