/** Bytes of binary market data for the parsers: real ones where they are, else made ones like them. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { ZSTDDecoder } from 'zstddec'
import { Prng } from 'lobtrader/core'

/** Bytes, and how many messages they hold. */
export interface MessageBytes {
  readonly bytes: Uint8Array
  readonly messages: number
  /** Where they come from, in a few words. */
  readonly origin: string
}

const shared = (path: string): string =>
  fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url))

const ITCH_FILE = shared('nasdaq_itch/ex20101224.TEST_ITCH_50.gz')
const DBN_FILE = shared('databento/esh4-glbx-mdp3-20231225.mbo.dbn.zst')
const MBO_BYTES = 56
/** Bytes of an ITCH message by its type, those types that the sample has. */
export const ITCH_BYTES: Readonly<Record<string, number>> = {
  S: 12,
  R: 39,
  H: 25,
  A: 36,
  F: 40,
  E: 31,
  X: 23,
  D: 19,
  U: 35,
  P: 44,
}
/** Share of each type on 2019-01-30, over all stocks. */
const ITCH_MIXTURE = [
  ['A', 0.4471],
  ['D', 0.43],
  ['U', 0.0747],
  ['E', 0.0222],
  ['X', 0.0129],
  ['F', 0.0047],
  ['P', 0.0042],
] as const

/** Repeats bytes until they hold at least `messages` messages. */
export function repeated({ bytes, messages, origin }: MessageBytes, wanted: number): MessageBytes {
  const times = Math.ceil(wanted / messages)
  const all = new Uint8Array(bytes.length * times)
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length)
  return { bytes: all, messages: messages * times, origin: `${origin}, ${times} times` }
}

/** ITCH 5.0 messages, each behind two bytes that are 0. */
export function itchBytes(): MessageBytes {
  if (existsSync(ITCH_FILE)) {
    const bytes = gunzipSync(readFileSync(ITCH_FILE))
    return { bytes, messages: 12_012, origin: 'the sample of 12,012 messages' }
  }
  const random = new Prng(1)
  const parts: Buffer[] = []
  for (let i = 0; i < 20_000; i++) parts.push(madeItch(random, i))
  return { bytes: Buffer.concat(parts), messages: parts.length, origin: 'made messages' }
}

function madeItch(random: Prng, i: number): Buffer {
  let draw = random.next()
  const [type] = ITCH_MIXTURE.find(([, share]) => (draw -= share) < 0) ?? ITCH_MIXTURE[0]
  const message = Buffer.alloc(2 + ITCH_BYTES[type]!)
  for (let at = 13; at < message.length; at++) message[at] = random.nextInt(256)
  message.write(type, 2)
  message.writeUInt16BE(random.nextInt(8000), 3)
  message.writeUIntBE(34_200_000_000_000 + i * 1000, 7, 6)
  return message
}

/** DBN order records without the metadata. */
export async function mboBytes(): Promise<MessageBytes> {
  if (existsSync(DBN_FILE)) {
    const decoder = new ZSTDDecoder()
    await decoder.init()
    const file = decoder.decode(readFileSync(DBN_FILE), 4 << 20)
    const head = 8 + new DataView(file.buffer, file.byteOffset).getUint32(4, true)
    const bytes = Uint8Array.from(file.subarray(head))
    const messages = bytes.length / MBO_BYTES
    return { bytes, messages, origin: `the ${messages} records of the ES sample` }
  }
  const random = new Prng(1)
  const messages = 50_000
  const bytes = Buffer.alloc(messages * MBO_BYTES)
  for (let i = 0; i < messages; i++) {
    const at = i * MBO_BYTES
    const time = 1_703_545_200_000_000_000n + BigInt(i) * 1000n
    bytes.writeUInt8(MBO_BYTES / 4, at)
    bytes.writeUInt8(0xa0, at + 1)
    bytes.writeUInt32LE(17_077, at + 4)
    bytes.writeBigUInt64LE(time, at + 8)
    bytes.writeBigUInt64LE(BigInt(random.nextInt(1_000_000)), at + 16)
    bytes.writeBigInt64LE(BigInt(19_000 + random.nextInt(400)) * 250_000_000n, at + 24)
    bytes.writeUInt32LE(1 + random.nextInt(50), at + 32)
    bytes.writeUInt8(0x80, at + 36)
    bytes.write('ACM'[random.nextInt(3)]!, at + 38)
    bytes.write('AB'[random.nextInt(2)]!, at + 39)
    bytes.writeBigUInt64LE(time + 500_000n, at + 40)
    bytes.writeUInt32LE(i, at + 52)
  }
  return { bytes, messages, origin: 'made records' }
}
