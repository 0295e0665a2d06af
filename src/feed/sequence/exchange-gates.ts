/** Sequence rules of the multicast feeds of stock and futures exchanges. */
import { DenseGate } from './dense-gate.ts'
import type { Verdict } from './verdict.ts'

const END_OF_SESSION = 0xffff

/**
 * NASDAQ TotalView-ITCH over MoldUDP64: a packet has a session, the number of its first message and
 * the count of its messages.
 *
 * In our words, from "MoldUDP64 Protocol Specification" V 1.00, Downstream Packet (read 2026-11):
 * 1. messages are numbered from 1 in each session, without holes; a packet's first message has the
 *    packet's number, the others follow;
 * 2. a heartbeat has count 0 and the number of the next message;
 * 3. count 0xFFFF ends the session and has the next number too;
 * 4. a hole can be requested again; the answer is an ordinary packet.
 * When a hole is filled on request, call `onSnapshot` with the number before it and judge the
 * answer and the packets that were held back again.
 */
export class MoldUdp64Gate extends DenseGate {
  /** Messages at the front of the packet last applied that the book has already. */
  skip = 0
  #session = ''

  constructor() {
    super(1)
  }

  /** Judges a packet; see {@link skip} when it says `apply`. */
  onPacket(session: string, sequence: number, count: number): Verdict {
    const last = sequence + (count === END_OF_SESSION ? 0 : count) - 1
    const began = this.#session !== '' && session !== this.#session
    this.#session = session
    if (began) {
      this.skip = 0
      if (sequence === 1) return this.restart(last)
      // The old session says nothing about the new one, whose beginning is missing.
      this.live = true
      this.lastId = 0
    }
    this.skip = Math.max(0, this.lastId + 1 - sequence)
    return this.onDelta(sequence, last)
  }
}

/**
 * CME MDP 3.0: `first` and `last` are `rpt_seq` (tag 83) of one instrument, or the packet's sequence
 * number of one channel; each numbering needs a gate of its own.
 *
 * In our words, from "MDP 3.0 - Market Data Recovery" and "MDP 3.0 - Channel Reset", CME Group client
 * systems wiki (read 2026-11):
 * 1. packet numbers of a channel go up by one; a hole puts all books of the channel in doubt;
 * 2. `rpt_seq` goes up by one per entry of an instrument, so it tells which books are whole;
 * 3. a snapshot carries the instrument's `rpt_seq` and the last packet in it (tag 369): what is above
 *    them continues it;
 * 4. a channel reset (tag 269 is `J` and tag 1180 is there) empties the books and begins `rpt_seq` at
 *    1: call {@link onChannelReset} on the gates of the instruments. Packet numbers go on.
 * The feeds A and B carry the same packets: the second copy is a duplicate.
 */
export class Mdp3Gate extends DenseGate {
  constructor() {
    super(1)
  }

  /** Begins the instrument anew on an empty book. */
  onChannelReset(): Verdict {
    return this.restart(0)
  }
}
