/** Mutations of the store's own files, most of them with checksums that fit again. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Prng } from '../../src/core/index.ts'
import { EventKind, EventWriter, eventCode } from '../../src/market/index.ts'
import { StoreImport, openStore } from '../../src/store/index.ts'
import { unitInstrument } from '../tape.ts'
import { mutate } from './mutate.ts'

const HEADER_BYTES = 64
const BLOCK_BYTES = 24
const ENTRY_BYTES = 32
const COLUMNS = 7
const INDEX_BLOCK_BYTES = BLOCK_BYTES + COLUMNS * ENTRY_BYTES

/** A store with one partition that is written anew for every mutation. */
export class TapeTarget {
  readonly #dir: string
  readonly #path: string
  readonly #sound: Buffer

  constructor(folder: string) {
    this.#dir = join(folder, 'store')
    const target = new StoreImport(this.#dir)
    const sink = target.open(unitInstrument)
    const writer = new EventWriter(1_700_006_400_000_000_000n)
    for (let i = 0; i < 400; i++) {
      const side = i % 2 === 0 ? 1 : -1
      const code = eventCode(i % 9 === 0 ? EventKind.Trade : EventKind.DepthSet, side)
      writer.push(i * 1000, i * 1000 - ((i * 7) % 90), code, 1000 + ((i * 31) % 40), i % 13, -1, i)
    }
    sink.append('l2', writer.rows)
    this.#path = target.commit()[0]!.path
    this.#sound = readFileSync(this.#path)
  }

  /** Reads a mutation to its end. @throws LobtraderError for what no store would hold */
  read(random: Prng): void {
    const changed = mutate(this.#sound, random)
    if (random.nextInt(10) < 7) mendChecksums(changed)
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, changed)
    const store = openStore(this.#dir)
    for (const info of store.partitions()) {
      store.load(info)
      const blocks = store.stream([info], { memory: '64MB' })
      for (let block = 0; block < blocks.rows.length; block++) {
        blocks.take(block)
        blocks.giveBack(block)
      }
    }
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

/** Makes every checksum fit that can, so that what is behind them is tried. */
function mendChecksums(bytes: Buffer): void {
  if (bytes.length < HEADER_BYTES) return
  const indexAt = Number(bytes.readBigUInt64LE(16))
  const indexBytes = bytes.readUInt32LE(24)
  const metaAt = Number(bytes.readBigUInt64LE(32))
  const metaBytes = bytes.readUInt32LE(40)
  if (indexAt + indexBytes <= bytes.length && indexBytes < 1e6) {
    for (
      let at = indexAt;
      at + INDEX_BLOCK_BYTES <= indexAt + indexBytes;
      at += INDEX_BLOCK_BYTES
    ) {
      mendBlock(bytes, at)
    }
    bytes.writeUInt32LE(crc32(bytes.subarray(indexAt, indexAt + indexBytes)), 28)
  }
  if (metaAt + metaBytes <= bytes.length) {
    bytes.writeUInt32LE(crc32(bytes.subarray(metaAt, metaAt + metaBytes)), 44)
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
}

function mendBlock(bytes: Buffer, at: number): void {
  let offset = Number(bytes.readBigUInt64LE(at))
  for (let i = 0; i < COLUMNS; i++) {
    const entry = at + BLOCK_BYTES + i * ENTRY_BYTES
    const length = bytes.readUInt32LE(entry + 8)
    if (offset + length > bytes.length) return
    bytes.writeUInt32LE(crc32(bytes.subarray(offset, offset + length)), entry + 20)
    offset += length
  }
}
