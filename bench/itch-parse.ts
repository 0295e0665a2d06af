/**
 * How fast ITCH 5.0 messages become columns; `details` says how fast a file of them becomes a store.
 * The baseline makes an object of every message, field by field, as one would at first.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allocateItchColumns, decodeItchMessages, importCapture } from 'lobtrader/feed'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { ITCH_BYTES, itchBytes, repeated, type MessageBytes } from './binary-bytes.ts'

const MESSAGES = 4_000_000
const BLOCK_MESSAGES = 8192
/** Times that the sample is written one behind the other into the file that is imported. */
const FILE_COPIES = 40

/** Decodes everything into columns, block by block, and returns messages per second. */
function parse({ bytes, messages }: MessageBytes): number {
  const columns = allocateItchColumns(BLOCK_MESSAGES)
  const begin = HighPrecisionClock.nowNs()
  let at = 0
  let count = 0
  let shares = 0
  for (;;) {
    const end = decodeItchMessages(bytes, at, bytes.length, 2, false, columns)
    if (end === at) break
    at = end
    count += columns.length
    shares += columns.shares[columns.length - 1]!
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (at !== bytes.length || count !== messages || !(shares >= 0)) {
    throw new Error(`decoded ${count} of ${messages} messages`)
  }
  return count / seconds
}

/** An object a message: the slow and obvious way. */
function parseObjects({ bytes, messages }: MessageBytes): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const begin = HighPrecisionClock.nowNs()
  let count = 0
  for (let at = 0; at < bytes.length;) {
    const start = at + 2
    const type = String.fromCharCode(view.getUint8(start))
    const length = ITCH_BYTES[type]!
    const field = (offset: number): number =>
      offset + 4 <= length ? view.getUint32(start + offset) : 0
    const message = {
      type,
      locate: view.getUint16(start + 1),
      time: view.getUint16(start + 5) * 2 ** 32 + view.getUint32(start + 7),
      order: length >= 19 ? view.getBigUint64(start + 11) : 0n,
      side: length >= 36 ? String.fromCharCode(view.getUint8(start + 19)) : '',
      shares: field(20),
      price: field(32) / 10_000,
    }
    if (message.time >= 0) count++
    at = start + length
  }
  const seconds = Number(HighPrecisionClock.nowNs() - begin) / 1e9
  if (count !== messages) throw new Error(`read ${count} of ${messages} messages`)
  return count / seconds
}

/** Copies of the bytes in time order, the orders of each copy with numbers of their own. */
function session({ bytes, messages }: MessageBytes): Uint8Array {
  const all = new Uint8Array(bytes.length * FILE_COPIES)
  const view = new DataView(all.buffer)
  const stepNs = Math.floor(50_000e9 / (messages * FILE_COPIES))
  let time = 11_000e9
  for (let copy = 0; copy < FILE_COPIES; copy++) {
    const from = copy * bytes.length
    all.set(bytes, from)
    for (let at = from + 2; at < from + bytes.length;) {
      const type = String.fromCharCode(all[at]!)
      time += stepNs
      view.setUint16(at + 5, Math.floor(time / 2 ** 32))
      view.setUint32(at + 7, time % 2 ** 32)
      if ('AFEXDU'.includes(type)) view.setUint16(at + 11, copy)
      if (type === 'U') view.setUint16(at + 19, copy)
      at += ITCH_BYTES[type]! + 2
    }
  }
  return all
}

/** Imports the session from a file and says how fast that was. */
async function importLine(source: MessageBytes): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  try {
    const file = join(folder, '01302019.NASDAQ_ITCH50')
    writeFileSync(file, session(source))
    const result = await importCapture({
      format: 'itch50',
      files: [file],
      store: join(folder, 's'),
    })
    const rate = Math.round(result.messages / result.seconds / 1000)
    return `file to committed store, books included: ${rate} k messages/s over ${result.messages} messages, two passes`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Measures messages per second. */
export async function itchParse(): Promise<BenchCase> {
  const sample = itchBytes()
  const source = repeated(sample, MESSAGES)
  return {
    name: 'itch-parse',
    unit: 'messages/s',
    note: `${source.messages} messages in memory (${source.origin}) into columns of ${BLOCK_MESSAGES}; parsing alone, no books`,
    details: [await importLine(sample)],
    run: () => parse(source),
    against: { name: 'an object a message (DataView)', run: () => parseObjects(source) },
  }
}
