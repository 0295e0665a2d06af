/** What the tests of the formats of tables share: naive books, bad input, random damage. */
import fc from 'fast-check'
import { EventKind, KIND_MASK, codeSide } from '../src/market/index.ts'
import { LobtraderError } from '../src/core/index.ts'
import { importCapture } from '../src/feed/index.ts'
import { openStore } from '../src/store/index.ts'
import { failureOf, loadRows, type TestFolder } from './import-support.ts'

/** A book as maps from price to size, in decimals as text. */
export interface NaiveBook {
  readonly bids: Map<number, number>
  readonly asks: Map<number, number>
}

/** A moment and the book after the rows that reached us then, in ticks and lots. */
export interface BookMoment extends NaiveBook {
  readonly localNs: bigint
}

/** Replays the rows of a store the slow way and returns the book after each local time. */
export function bookMoments(store: string, symbol: string): BookMoment[] {
  const events = loadRows(store, symbol)
  const moments: BookMoment[] = []
  let bids = new Map<number, number>()
  let asks = new Map<number, number>()
  for (let i = 0; i < events.length; i++) {
    const code = events.code[i]!
    const kind = code & KIND_MASK
    if (kind === EventKind.SnapshotBegin) {
      bids = new Map()
      asks = new Map()
    }
    if (kind === EventKind.DepthSet || kind === EventKind.SnapshotLevel) {
      const side = codeSide(code) > 0 ? bids : asks
      if (events.lots[i] === 0) side.delete(events.tick[i]!)
      else side.set(events.tick[i]!, events.lots[i]!)
    }
    if (i + 1 < events.length && events.localTime[i + 1] === events.localTime[i]) continue
    const localNs = events.epochNs + BigInt(events.localTime[i]!)
    moments.push({ localNs, bids: new Map(bids), asks: new Map(asks) })
  }
  return moments
}

/** One line a row: local and venue time in ms behind `fromNs`, kind, side, tick x lots, sequence. */
export function rowTexts(store: string, symbol: string, fromNs: bigint, kind = 'l2'): string[] {
  if (openStore(store).select({ symbol, kind }).length === 0) return []
  const events = loadRows(store, symbol, kind)
  const names = new Map(Object.entries(EventKind).map(([name, value]) => [value as number, name]))
  const ms = (time: number): number => Number(events.epochNs + BigInt(time) - fromNs) / 1e6
  return Array.from({ length: events.length }, (_, i) => {
    const code = events.code[i]!
    const name = names.get(code & KIND_MASK)!
    const sides = { '1': ' +', '-1': ' -', '0': '' } as const
    const side = sides[`${codeSide(code)}`]
    const seq = events.seq[i] === 0 ? '' : ` #${events.seq[i]}`
    const [local, exch] = [ms(events.localTime[i]!), ms(events.exchTime[i]!)]
    return `${local} ${exch} ${name}${side} ${events.tick[i]}x${events.lots[i]}${seq}`
  })
}

/** Imports one text as a file and returns the message that it is refused with. */
export async function refusal(
  folder: TestFolder,
  options: Omit<Parameters<typeof importCapture>[0], 'store' | 'files'>,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const paths = Object.entries(files).map(([name, content]) => folder.write(name, content))
  const { message } = await failureOf(
    importCapture({ ...options, files: paths, store: folder.newStore() }),
  )
  return message.replaceAll(`${folder.path}/`, '')
}

/**
 * Imports files with a few bytes changed, cut or doubled, many times; each ends in an import or in
 * an error of ours.
 *
 * @param files content by name
 */
export async function survivesDamage(
  folder: TestFolder,
  options: Omit<Parameters<typeof importCapture>[0], 'store' | 'files'>,
  files: Readonly<Record<string, Uint8Array>>,
  numRuns = 150,
): Promise<{ readonly imported: number; readonly refused: number }> {
  const names = Object.keys(files)
  let imported = 0
  let refused = 0
  const damage = fc.record({
    file: fc.nat(names.length - 1),
    changes: fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 4 }),
    cut: fc.option(fc.nat(), { freq: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, changes, cut }) => {
      const paths = names.map((name, i) => {
        let bytes = Buffer.from(files[name]!)
        if (i === file) {
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte
          if (cut !== null) bytes = bytes.subarray(0, 1 + (cut % bytes.length))
        }
        return folder.write(name, bytes)
      })
      try {
        await importCapture({ ...options, files: paths, store: folder.newStore() })
        imported++
      } catch (error) {
        if (!(error instanceof LobtraderError)) throw error
        refused++
      }
    }),
    { numRuns, seed: 4 },
  )
  return { imported, refused }
}
