/** What an import must know about a venue. */
import type { InstrumentKind } from '../../../market/index.ts'
import type { SequenceGate } from '../../sequence/sequence-gate.ts'
import type { CaptureLine } from './capture-line.ts'
import type { ChecksumRule } from './checksum-proof.ts'
import type { JsonFields } from './json-fields.ts'
import type { MarketSink, VenueBook } from './market-events.ts'

/** What a venue's symbol names. */
export interface SymbolFacts {
  /** Name of the venue in the store. */
  readonly venue: string
  readonly kind: InstrumentKind
  readonly base: string
  readonly quote: string
  /** Value of 1 of size; undefined where only the venue's list of instruments tells. */
  readonly multiplier: string | undefined
}

/** Turns the lines of one capture into what they say. */
export interface VenueReader {
  /** @throws DataError for a message that is not as it should be */
  read(line: CaptureLine, connection: string, sink: MarketSink): void
  /** Returns what a symbol names; asked once all lines are read. */
  factsOf(symbol: string): SymbolFacts
  /** Sentences for the user, once all lines are read. */
  readonly warnings?: readonly string[]
}

/** One venue. */
export interface VenueRules {
  readonly name: string
  /** Whether a host name is the venue's. */
  readonly ownsHost: (host: string) => boolean
  /** Whether only this venue sends such a message. */
  readonly ownsMessage: (message: unknown) => boolean
  readonly makeReader: (fields: JsonFields) => VenueReader
  /** Returns the gate of a book that begins with this message. */
  readonly makeGate: (first: Pick<VenueBook, 'last'>) => SequenceGate
  /** Compares the book after a message with the checksum in it, where the venue has them. */
  readonly check?: ChecksumRule
  /** True where snapshots come by REST, and updates wait for them. */
  readonly waitsForSnapshot: boolean
  /** True where the updates alone would not show that a connection began anew. */
  readonly breaksOnReconnect: boolean
  /** True where ids of trades have no holes. */
  readonly hasDenseTradeIds: boolean
  /** True where a ticker names the book update that made it. */
  readonly hasTickerIds: boolean
}
