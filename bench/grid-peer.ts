/**
 * hftbacktest's Rust core on the grid job: the same events, rule, latency, queue model and fees.
 *
 * `npm run bench:peers` builds it where there is cargo.
 */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EventKind, KIND_MASK, SELL_BIT, type EventColumns } from 'lobtrader/market'
import type { BenchPeer } from './bench-case.ts'
import { output } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('./peers/node_modules/.cargo/release/grid', import.meta.url))

/** True when `npm run bench:peers` has built the peer. */
export const IS_GRID_PEER_BUILT = existsSync(PROGRAM)
export const GRID_PEER_MISSING =
  'hftbacktest (Rust) is not built; npm run bench:peers builds it where there is cargo'

/** Flags of the peer's events (its documentation, "Data"). */
const SEEN_BY_BOTH = 0xc000_0000n
const BUY = 0x2000_0000n
const SELL = 0x1000_0000n
const ROW_BYTES = 64

/** What became of one order of the grid; times in ns since the epoch. */
export interface GridOutcome {
  readonly sent: number
  readonly side: number
  readonly tick: number
  readonly status: string
  /** When its life ended, on the exchange's clock. */
  readonly exch: number
}

/** The peer over one tape, with either of its books. */
export class GridPeer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lobtrader-grid-'))
  readonly #events: string

  /** @param tape whose rows both sides see, each a level, a trade, or of a first snapshot */
  constructor(tape: EventColumns) {
    this.#events = join(this.#folder, 'events.bin')
    writeEvents(this.#events, tape)
    process.on('exit', () => rmSync(this.#folder, { recursive: true, force: true }))
  }

  peer(depth: 'roi' | 'hash'): BenchPeer {
    const book = depth === 'roi' ? 'ROI vector depth, its fastest' : 'hash map depth, its default'
    return {
      name: `hftbacktest 0.9.4, Rust for this processor, ${book}`,
      measure: async () => {
        const args = [this.#events, depth, '1', this.#outcomes(depth)]
        return (JSON.parse(await output(PROGRAM, args)) as { runs: number[] }).runs[0]!
      },
    }
  }

  /** What became of each order, once the peer with this book has run. */
  outcomes(depth: 'roi' | 'hash'): GridOutcome[] {
    const [, ...lines] = readFileSync(this.#outcomes(depth), 'utf8').trimEnd().split('\n')
    return lines.map((line) => {
      const [sent, side, tick, status, exch] = line.split(',')
      return {
        sent: Number(sent),
        side: Number(side),
        tick: Number(tick),
        status: status!,
        exch: Number(exch),
      }
    })
  }

  #outcomes(depth: string): string {
    return join(this.#folder, `outcomes-${depth}.csv`)
  }
}

function writeEvents(path: string, tape: EventColumns): void {
  const file = openSync(path, 'w')
  const chunkRows = 65_536
  const bytes = new ArrayBuffer(chunkRows * ROW_BYTES)
  const integers = new BigInt64Array(bytes)
  const doubles = new Float64Array(bytes)
  let rows = 0
  const flush = (): void => {
    writeSync(file, new Uint8Array(bytes, 0, rows * ROW_BYTES))
    rows = 0
  }
  for (let i = 0; i < tape.length; i++) {
    const code = tape.code[i]!
    const kind = code & KIND_MASK
    if (kind === EventKind.SnapshotBegin || kind === EventKind.SnapshotEnd) continue
    const at = rows * 8
    const peerKind = kind === EventKind.Trade ? 2n : 1n
    integers[at] = SEEN_BY_BOTH | ((code & SELL_BIT) === 0 ? BUY : SELL) | peerKind
    integers[at + 1] = BigInt(tape.exchTime[i]!)
    integers[at + 2] = BigInt(tape.localTime[i]!)
    doubles[at + 3] = tape.tick[i]! / 10
    doubles[at + 4] = tape.lots[i]! / 1000
    if (++rows === chunkRows) flush()
  }
  flush()
  closeSync(file)
}
