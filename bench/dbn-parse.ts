/**
 * How fast DBN order records become columns; `details` says how fast a file of them becomes a store.
 * The peer is databento's own reader; without it, an object of every record, field by field, as one
 * would at first.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allocateDbnColumns, decodeDbnRecords, importCapture } from 'lobtrader/feed'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { mboBytes, repeated, type MessageBytes } from './binary-bytes.ts'
import { pythonPeer } from './peer.ts'

const RECORDS = 4_000_000
const BLOCK_RECORDS = 8192
const RECORD_BYTES = 56
/** Of version 1 without any symbol. */
const METADATA_BYTES = 120
/** Days over which the sample is repeated in the file that is imported. */
const FILE_DAYS = 12
const DAY_NS = 86_400_000_000_000n
/** Midnight of 2023-12-25, UTC. */
const EPOCH_NS = 1_703_462_400_000_000_000n

/** Decodes everything into columns, block by block, and returns records per second. */
function parse({ bytes, messages }: MessageBytes): number {
  const columns = allocateDbnColumns(BLOCK_RECORDS, EPOCH_NS)
  const begin = HighPrecisionClock.nowNs()
  let at = 0
  let count = 0
  let lots = 0
  for (;;) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >> 2)
    const used = decodeDbnRecords(words, words.length * 4, columns)
    if (used === 0) break
    at += used
    count += columns.length
    lots += columns.size[columns.length - 1]!
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (at !== bytes.length || count !== messages || !(lots >= 0)) {
    throw new Error(`decoded ${count} of ${messages} records`)
  }
  return count / seconds
}

/** An object a record: the slow and obvious way. */
function parseObjects({ bytes, messages }: MessageBytes): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const begin = HighPrecisionClock.nowNs()
  let count = 0
  for (let at = 0; at < bytes.length; at += view.getUint8(at) * 4) {
    const record = {
      type: view.getUint8(at + 1),
      publisher: view.getUint16(at + 2, true),
      instrument: view.getUint32(at + 4, true),
      event: view.getBigUint64(at + 8, true),
      order: view.getBigUint64(at + 16, true),
      price: Number(view.getBigInt64(at + 24, true)) / 1e9,
      size: view.getUint32(at + 32, true),
      flags: view.getUint8(at + 36),
      action: String.fromCharCode(view.getUint8(at + 38)),
      side: String.fromCharCode(view.getUint8(at + 39)),
      received: view.getBigUint64(at + 40, true),
      sequence: view.getUint32(at + 52, true),
    }
    if (record.received > 0n) count++
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (count !== messages) throw new Error(`read ${count} of ${messages} records`)
  return count / seconds
}

/** Metadata of version 1 without symbols, then the records of one day again and again. */
function file({ bytes, messages }: MessageBytes): Uint8Array {
  const head = Buffer.alloc(8 + METADATA_BYTES)
  head.write('DBN', 0)
  head.writeUInt8(1, 3)
  head.writeUInt32LE(METADATA_BYTES, 4)
  head.write('GLBX.MDP3', 8)
  const all = Buffer.alloc(head.length + bytes.length * FILE_DAYS)
  head.copy(all)
  for (let day = 0; day < FILE_DAYS; day++) {
    const from = head.length + day * bytes.length
    all.set(bytes, from)
    for (let i = 0; i < messages; i++) {
      const at = from + i * RECORD_BYTES
      for (const field of [at + 8, at + 40]) {
        all.writeBigUInt64LE(all.readBigUInt64LE(field) + BigInt(day) * DAY_NS, field)
      }
    }
  }
  return all
}

/** Imports the file and says how fast that was. */
async function importLine(path: string, folder: string): Promise<string> {
  const result = await importCapture({ format: 'dbn', files: [path], store: join(folder, 's') })
  const rate = Math.round(result.messages / result.seconds / 1000)
  return `file to committed store, books included: ${rate} k records/s over ${result.messages} records, two passes`
}

/** Measures records per second. */
export async function dbnParse(): Promise<BenchCase> {
  const sample = await mboBytes()
  const source = repeated(sample, RECORDS)
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'es.dbn')
  writeFileSync(path, file(sample))
  const details = [await importLine(path, folder)]
  const peer = await pythonPeer('databento', 'dbn_parse.py', [path])
  const simple = { name: 'an object a record (DataView)', run: () => parseObjects(source) }
  return {
    name: 'dbn-parse',
    unit: 'records/s',
    note: `${source.messages} order records in memory (${source.origin}) into columns of ${BLOCK_RECORDS}; parsing alone, no books; databento reads the same records ${FILE_DAYS} times from an uncompressed file into one array`,
    details,
    run: () => parse(source),
    against: simple,
    ...peer,
  }
}
