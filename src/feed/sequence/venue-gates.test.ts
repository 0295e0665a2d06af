import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BitstampGate,
  BybitGate,
  CoinbaseConnectionGate,
  CoinbaseProductGate,
  DeribitGate,
  KrakenGate,
  OkxGate,
} from './crypto-gates.ts'
import { Mdp3Gate, MoldUdp64Gate } from './exchange-gates.ts'
import { BinanceFuturesGate, BinanceSpotGate, type SequenceGate } from './sequence-gate.ts'

interface Update {
  readonly first: number
  readonly last: number
  readonly previous: number
}

interface Step {
  readonly skip: number
  readonly width: number
}

/** Ids as a venue gives them: `dense` has no holes, `chain` skips ids and links updates. */
const SHAPES = {
  one: (last: number): Update => ({ first: last + 1, last: last + 1, previous: -1 }),
  range: (last: number, { width }: Step): Update => ({
    first: last + 1,
    last: last + 1 + width,
    previous: -1,
  }),
  chain: (last: number, { skip }: Step): Update => ({
    first: last + 1 + skip,
    last: last + 1 + skip,
    previous: last,
  }),
  chainedRange: (last: number, { skip, width }: Step): Update => ({
    first: last + 1 + skip,
    last: last + 1 + skip + width,
    previous: last,
  }),
  time: (last: number, { skip }: Step): Update => ({
    first: last + 1 + skip,
    last: last + 1 + skip,
    previous: -1,
  }),
}

/** Id of the snapshot in front of a stream. */
const BASE = 1000

const stream = (shape: keyof typeof SHAPES): fc.Arbitrary<Update[]> =>
  fc
    .array(fc.record({ skip: fc.nat(5), width: fc.nat(4) }), {
      minLength: 3,
      maxLength: 50,
      size: 'max',
    })
    .map((steps) => {
      let last = BASE
      return steps.map((step) => {
        const update = SHAPES[shape](last, step)
        last = update.last
        return update
      })
    })

interface Venue {
  readonly name: string
  readonly shape: keyof typeof SHAPES
  readonly make: () => SequenceGate
}

const VENUES: Venue[] = [
  { name: 'Binance spot', shape: 'range', make: () => new BinanceSpotGate() },
  { name: 'Binance futures', shape: 'chainedRange', make: () => new BinanceFuturesGate() },
  { name: 'Bybit', shape: 'one', make: () => new BybitGate() },
  { name: 'OKX', shape: 'chain', make: () => new OkxGate() },
  { name: 'Deribit', shape: 'chain', make: () => new DeribitGate() },
  { name: 'Coinbase connection', shape: 'one', make: () => new CoinbaseConnectionGate() },
  { name: 'Coinbase product', shape: 'one', make: () => new CoinbaseProductGate() },
  { name: 'MoldUDP64', shape: 'range', make: () => new MoldUdp64Gate() },
  { name: 'MDP 3.0', shape: 'one', make: () => new Mdp3Gate() },
]
const BITSTAMP: Venue = { name: 'Bitstamp', shape: 'time', make: () => new BitstampGate() }

const joined = ({ make }: Venue): SequenceGate => {
  const gate = make()
  gate.onSnapshot(BASE)
  return gate
}

const judge = (gate: SequenceGate, { first, last, previous }: Update): string =>
  gate.onDelta(first, last, previous)

const total = ({ counts }: SequenceGate): number =>
  Object.values(counts)
    .filter((value) => typeof value === 'number')
    .reduce((sum, value) => sum + value, 0)

const summary = (gate: SequenceGate): Record<string, number> => {
  const { applied, held, duplicates, reordered, gaps, refused, keepAlives, resets } = gate.counts
  return { applied, held, duplicates, reordered, gaps, refused, keepAlives, resets }
}

const NONE = {
  applied: 0,
  held: 0,
  duplicates: 0,
  reordered: 0,
  gaps: 0,
  refused: 0,
  keepAlives: 0,
  resets: 0,
}

describe.each([...VENUES, BITSTAMP])('$name gate', (venue) => {
  it('applies every update of an undamaged stream', () => {
    fc.assert(
      fc.property(stream(venue.shape), (updates) => {
        const gate = joined(venue)
        expect(updates.every((update) => judge(gate, update) === 'apply')).toBe(true)
        expect(summary(gate)).toEqual({ ...NONE, applied: updates.length })
        expect(gate.lastId).toBe(updates.at(-1)?.last)
      }),
    )
  })

  it('drops an update that comes twice, at once or later, and goes on', () => {
    fc.assert(
      fc.property(stream(venue.shape), fc.nat(), fc.nat(), (updates, one, other) => {
        const [from, to] = [one % updates.length, other % updates.length].sort((a, b) => a - b)
        const gate = joined(venue)
        const verdicts = updates.flatMap((update, i) =>
          i === to ? [judge(gate, update), judge(gate, updates[from!]!)] : judge(gate, update),
        )
        expect(verdicts[to! + 1]).toBe('drop')
        expect(verdicts.filter((verdict) => verdict === 'apply')).toHaveLength(updates.length)
        expect(summary(gate)).toEqual({ ...NONE, applied: updates.length, duplicates: 1 })
      }),
    )
  })

  it('breaks where two neighbours are swapped, and counts the late one as reordered', () => {
    fc.assert(
      fc.property(stream(venue.shape), fc.nat(), (updates, pick) => {
        // Futures join a snapshot with an update around it, so the first pair needs its own rule.
        const at = 1 + (pick % (updates.length - 2))
        const gate = joined(venue)
        const swapped = updates.toSpliced(at, 2, updates[at + 1]!, updates[at]!)
        const verdicts = swapped.map((update) => judge(gate, update))
        expect(verdicts[at + 1]).toBe('gap')
        expect(verdicts.slice(at + 2).every((verdict) => verdict === 'gap')).toBe(true)
        expect(gate.counts.reordered).toBe(1)
        expect(total(gate)).toBe(updates.length)
      }),
    )
  })

  it('applies a prefix of the stream and nothing else, however it is damaged', () => {
    fc.assert(
      fc.property(
        stream(venue.shape),
        fc.array(fc.nat(49), { maxLength: 80, size: 'max' }),
        (updates, order) => {
          const gate = joined(venue)
          const seen = order.flatMap((i) => updates[i] ?? [])
          const applied = seen.filter((update) => judge(gate, update) === 'apply')
          // Bitstamp cannot see that one is missing: there only the order holds.
          const rightful =
            venue === BITSTAMP
              ? updates.filter((update) => applied.includes(update))
              : updates.slice(0, applied.length)
          expect(applied).toEqual(rightful)
          expect(total(gate)).toBe(seen.length)
        },
      ),
    )
  })

  it('recovers with a snapshot that is new enough, whatever came before it', () => {
    fc.assert(
      fc.property(
        stream(venue.shape),
        fc.array(fc.nat(49), { maxLength: 40, size: 'max' }),
        (updates, order) => {
          const half = updates.length >> 1
          const gate = joined(venue)
          for (const i of order) if (i < half) judge(gate, updates[i]!)
          const verdict = gate.onSnapshot(updates[half]!.last)
          expect(verdict).toBe('apply')
          const after = updates.slice(half + 1)
          expect(after.every((update) => judge(gate, update) === 'apply')).toBe(true)
        },
      ),
    )
  })

  it('refuses updates once invalidated, until the next snapshot', () => {
    const gate = joined(venue)
    const next = SHAPES[venue.shape](BASE, { skip: 0, width: 0 })
    gate.invalidate()
    expect(gate.lastId).toBe(-1)
    expect(judge(gate, next)).toBe('gap')
    expect(summary(gate)).toEqual({ ...NONE, refused: 1 })
    expect(gate.onSnapshot(BASE)).toBe('apply')
    expect(judge(gate, next)).toBe('apply')
  })
})

describe.each(VENUES)('$name gate', (venue) => {
  it('is a gap exactly behind a lost update, and stays one', () => {
    fc.assert(
      fc.property(stream(venue.shape), fc.nat(), (updates, pick) => {
        const lost = pick % (updates.length - 1)
        const gate = joined(venue)
        const verdicts = updates.toSpliced(lost, 1).map((update) => judge(gate, update))
        expect(verdicts.slice(0, lost).every((verdict) => verdict === 'apply')).toBe(true)
        expect(verdicts.slice(lost).every((verdict) => verdict === 'gap')).toBe(true)
        const refused = updates.length - lost - 2
        expect(summary(gate)).toEqual({ ...NONE, applied: lost, gaps: 1, refused })
      }),
    )
  })
})

describe('the counts of a broken stream', () => {
  it('tell repeats, late updates and later ones apart until a snapshot fills the hole', () => {
    const gate = joined(VENUES[2]!)
    for (const id of [1001, 1004, 1001, 1002, 1003, 1005]) gate.onDelta(id, id, -1)
    const broken = { ...NONE, applied: 1, gaps: 1, duplicates: 1, reordered: 2, refused: 1 }
    expect(summary(gate)).toEqual(broken)
    gate.onSnapshot(1010)
    gate.invalidate()
    gate.onDelta(1003, 1003, -1)
    expect(summary(gate)).toEqual({ ...broken, refused: 2 })
  })
})

describe('Bybit', () => {
  it('takes u = 1 for a restart of the service, as a snapshot and as a delta', () => {
    const gate = joined(VENUES[2]!)
    expect(gate.onSnapshot(1)).toBe('reset')
    expect(gate.resetKeepsBook).toBe(false)
    expect(gate.onDelta(2, 2, -1)).toBe('apply')
    expect(gate.onDelta(1, 1, -1)).toBe('reset')
    expect(gate.onDelta(2, 2, -1)).toBe('apply')
    expect(gate.counts.resets).toBe(2)
  })

  it('takes the snapshot that level 1 repeats after 3 quiet seconds for a sign of life', () => {
    const gate = joined(VENUES[2]!)
    expect(gate.onSnapshot(BASE)).toBe('drop')
    expect(summary(gate)).toEqual({ ...NONE, keepAlives: 1 })
    expect(gate.onDelta(BASE + 1, BASE + 1, -1)).toBe('apply')
  })

  it('replaces the book with any other snapshot, also one of a lower number', () => {
    const gate = joined(VENUES[2]!)
    expect(gate.onSnapshot(BASE - 500)).toBe('apply')
    expect(gate.onDelta(BASE - 499, BASE - 499, -1)).toBe('apply')
  })

  it('notices a restart whose first message was lost', () => {
    const gate = joined(VENUES[2]!)
    expect(gate.onDelta(2, 2, -1)).toBe('gap')
    expect(gate.counts.gaps).toBe(1)
  })
})

describe('OKX', () => {
  it('judges the example of its documentation: update, quiet minute, maintenance, update', () => {
    const gate = new OkxGate()
    expect(gate.onDelta(10, 10, -1)).toBe('gap')
    gate.onSnapshot(10)
    const verdicts = [
      [15, 10],
      [15, 15],
      [3, 15],
      [5, 3],
    ].map(([last, previous]) => gate.onDelta(last!, last!, previous!))
    expect(verdicts).toEqual(['apply', 'drop', 'reset', 'apply'])
    expect(gate.resetKeepsBook).toBe(true)
    expect(summary(gate)).toEqual({ ...NONE, applied: 2, keepAlives: 1, resets: 1, refused: 1 })
  })

  it('notices a reset that was lost, where all later numbers are lower', () => {
    const gate = new OkxGate()
    gate.onSnapshot(10)
    gate.onDelta(15, 15, 10)
    expect(gate.onDelta(5, 5, 3)).toBe('gap')
  })

  it('notices a loss at the sign of life behind it', () => {
    const gate = new OkxGate()
    gate.onSnapshot(10)
    expect(gate.onDelta(15, 15, 15)).toBe('gap')
  })
})

describe('Deribit', () => {
  it('has no rule for lower numbers, so they break the stream', () => {
    const gate = new DeribitGate()
    gate.onSnapshot(10)
    expect(gate.onDelta(3, 3, 10)).toBe('gap')
  })
})

describe('Coinbase', () => {
  it('counts the messages of a connection from 0 without a snapshot', () => {
    const gate = new CoinbaseConnectionGate()
    expect([0, 1, 2].map((id) => gate.onDelta(id, id))).toEqual(['apply', 'apply', 'apply'])
    expect(new CoinbaseConnectionGate().onDelta(1, 1)).toBe('gap')
    expect(new CoinbaseProductGate().onDelta(0, 0)).toBe('gap')
  })
})

describe('MoldUDP64', () => {
  it('begins with message 1, lives on heartbeats and ends with count 0xFFFF', () => {
    const gate = new MoldUdp64Gate()
    expect(gate.onPacket('S', 1, 3)).toBe('apply')
    expect(gate.onPacket('S', 4, 0)).toBe('drop')
    expect(gate.onPacket('S', 4, 0xffff)).toBe('drop')
    expect(summary(gate)).toEqual({ ...NONE, applied: 1, keepAlives: 2 })
    expect(gate.lastId).toBe(3)
  })

  it('notices a lost packet at the next heartbeat', () => {
    const gate = new MoldUdp64Gate()
    gate.onPacket('S', 1, 3)
    expect(gate.onPacket('S', 6, 0)).toBe('gap')
    expect(gate.onPacket('S', 4, 2)).toBe('gap')
    expect(gate.counts.reordered).toBe(1)
  })

  it('tells how many messages of a packet the book has, and goes on when a hole is filled', () => {
    const gate = new MoldUdp64Gate()
    gate.onPacket('S', 1, 3)
    expect([gate.onPacket('S', 2, 4), gate.skip]).toEqual(['apply', 2])
    expect(gate.onPacket('S', 9, 2)).toBe('gap')
    gate.onSnapshot(5)
    expect([gate.onPacket('S', 6, 3), gate.skip]).toEqual(['apply', 0])
    expect([gate.onPacket('S', 9, 2), gate.skip]).toEqual(['apply', 0])
  })

  it('begins anew with a session, which is a gap when its first message is missing', () => {
    const gate = new MoldUdp64Gate()
    gate.onPacket('MON', 1, 9)
    expect([gate.onPacket('TUE', 1, 2), gate.lastId, gate.skip]).toEqual(['reset', 2, 0])
    expect(gate.onPacket('TUE', 3, 1)).toBe('apply')
    expect(gate.onPacket('WED', 3, 1)).toBe('gap')
  })
})

describe('MDP 3.0', () => {
  it('takes the copy of feed B for a duplicate and begins at 1 after a channel reset', () => {
    const gate = new Mdp3Gate()
    expect([1, 1, 2, 2].map((id) => gate.onDelta(id, id))).toEqual([
      'apply',
      'drop',
      'apply',
      'drop',
    ])
    expect(gate.onChannelReset()).toBe('reset')
    expect(gate.onDelta(1, 1)).toBe('apply')
    expect(gate.counts.resets).toBe(1)
  })
})

describe('Bitstamp', () => {
  it('refuses a snapshot older than the first update that was kept', () => {
    const gate = new BitstampGate()
    expect(gate.onDelta(100, 100)).toBe('gap')
    expect(gate.onSnapshot(99)).toBe('gap')
    expect(gate.onSnapshot(120)).toBe('apply')
    expect([100, 120, 121].map((time) => gate.onDelta(time, time))).toEqual([
      'drop',
      'drop',
      'apply',
    ])
  })

  it('refuses a snapshot older than what it had applied before it broke', () => {
    const gate = new BitstampGate()
    gate.onSnapshot(100)
    gate.onDelta(110, 110)
    gate.onDelta(120, 120)
    expect(gate.onDelta(115, 115)).toBe('gap')
    expect(gate.onSnapshot(119)).toBe('gap')
    expect(gate.onSnapshot(120)).toBe('apply')
  })

  it('says that it cannot see a loss', () => {
    const gate = new BitstampGate()
    gate.onSnapshot(100)
    expect(gate.onDelta(300, 300)).toBe('apply')
    expect(gate.detectsLoss).toBe(false)
  })
})

describe('Kraken', () => {
  it('applies what follows a snapshot until a checksum differs, then waits for another', () => {
    const gate = new KrakenGate()
    expect(gate.onDelta()).toBe('gap')
    expect(gate.onChecksum('match')).toBe('gap')
    gate.onSnapshot()
    expect([gate.onDelta(), gate.onChecksum('match')]).toEqual(['apply', 'apply'])
    expect([gate.onDelta(), gate.onChecksum('none')]).toEqual(['apply', 'apply'])
    expect([gate.onDelta(), gate.onChecksum('mismatch')]).toEqual(['apply', 'gap'])
    expect(gate.onDelta()).toBe('gap')
    expect(summary(gate)).toEqual({ ...NONE, applied: 2, gaps: 1, refused: 2 })
    gate.onSnapshot()
    expect(gate.onDelta()).toBe('apply')
    gate.invalidate()
    expect(gate.onDelta()).toBe('gap')
  })
})
