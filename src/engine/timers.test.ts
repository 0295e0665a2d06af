import { describe, expect, it } from 'vitest'
import { MessageQueue } from './message-queue.ts'
import { NextTimes } from './next-times.ts'
import { Timers, timerInterval } from './timers.ts'

describe('timers', () => {
  it('fire in order of creation at one time, repeat, and end when they fire once', () => {
    const timers = new Timers()
    const log: string[] = []
    timers.add(10, 10, () => log.push('every'))
    timers.add(10, 0, () => log.push('once'))
    for (const time of [5, 10, 15, 20]) {
      if (timers.nextTime <= time) timers.fire(time)
    }
    expect(log).toEqual(['every', 'once', 'every'])
    expect(timers.nextTime).toBe(30)
  })

  it('may add timers while they fire', () => {
    const timers = new Timers()
    const log: number[] = []
    timers.add(1, 0, () => timers.add(2, 0, () => log.push(2)))
    timers.fire(1)
    expect([timers.nextTime, log]).toEqual([2, []])
    timers.fire(2)
    expect([timers.nextTime, log]).toEqual([Number.POSITIVE_INFINITY, [2]])
  })

  it('refuse an interval of 0, which would hold the clock', () => {
    expect(() => timerInterval('0ms')).toThrow(/BAD_DURATION.*above 0/)
    expect(timerInterval('1us')).toBe(1000)
  })
})

describe('messages in flight', () => {
  it('arrive in order, never before one that was sent earlier', () => {
    const next = new NextTimes(1)
    const queue = new MessageQueue<number>(next, 0)
    const arrivals: number[] = []
    for (let i = 0; i < 5000; i++) arrivals.push(queue.push(i % 2 === 0 ? i + 10 : i, i))
    const got: [number, number][] = []
    while (next.min !== Number.POSITIVE_INFINITY) got.push([next.min, queue.shift()])
    expect(got.map(([, message]) => message)).toEqual(Array.from({ length: 5000 }, (_, i) => i))
    expect(got.map(([time]) => time)).toEqual(arrivals)
    expect(arrivals.every((time, i) => i === 0 || time >= arrivals[i - 1]!)).toBe(true)
  })

  it('pass only where none is in flight and none looks before, and hold back what comes behind', () => {
    const next = new NextTimes(1)
    const queue = new MessageQueue<string>(next, 0)
    expect(queue.pass(30, 31)).toBe(30)
    expect(next.min).toBe(Number.POSITIVE_INFINITY)
    // No sooner than the one before it, which is too late for one who looks at 30.
    expect(queue.pass(20, 30)).toBeNaN()
    expect(queue.pass(20, 31)).toBe(30)
    expect(queue.pass(40, 40)).toBeNaN()
    expect(queue.push(20, 'kept')).toBe(30)
    expect(queue.pass(50, 100)).toBeNaN()
    expect([next.min, queue.shift()]).toEqual([30, 'kept'])
    expect(queue.pass(50, 100)).toBe(50)
    expect(() => queue.pass(Number.NaN, 100)).toThrow('arrival is a time')
  })
})
