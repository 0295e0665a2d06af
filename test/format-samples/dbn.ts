/**
 * Writes DBN files byte by byte from Databento's published layouts, for tests.
 *
 * Source: "Databento Binary Encoding", Databento documentation, and the record definitions of
 * github.com/databento/dbn, release 0.54.0 (read 2026-11).
 */

/** Undefined values of the format. */
export const UNDEF_PRICE = 0x7fff_ffff_ffff_ffffn
export const UNDEF_TIMESTAMP = 0xffff_ffff_ffff_ffffn

/** 2024-03-01T14:30:00Z. */
export const START_NS = 1_709_303_400_000_000_000n

/** What stands in the metadata. */
export interface MetadataFields {
  readonly version: 1 | 2 | 3
  readonly dataset?: string
  /** Symbol and the instrument id that it stands for. */
  readonly mappings?: readonly (readonly [string, string])[]
}

function symbolBytes(version: number): number {
  return version === 1 ? 22 : 71
}

function text(value: string, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.write(value, 'latin1')
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Prelude and metadata. */
export function metadata({
  version,
  dataset = 'GLBX.MDP3',
  mappings = [],
}: MetadataFields): Buffer {
  const length = symbolBytes(version)
  const fixed = Buffer.alloc(2 + 8 + 8 + 8 + (version === 1 ? 8 : 0) + 3)
  fixed.writeUInt16LE(0, 0)
  fixed.writeBigUInt64LE(START_NS, 2)
  fixed.writeBigUInt64LE(UNDEF_TIMESTAMP, 10)
  const symbolLength = Buffer.alloc(version === 1 ? 0 : 2)
  if (version > 1) symbolLength.writeUInt16LE(length)
  const body = Buffer.concat([
    text(dataset, 16),
    fixed,
    symbolLength,
    Buffer.alloc(version === 1 ? 47 : 53),
    u32(0),
    u32(mappings.length),
    ...mappings.map(([symbol]) => text(symbol, length)),
    u32(0),
    u32(0),
    u32(mappings.length),
    ...mappings.flatMap(([symbol, target]) => [
      text(symbol, length),
      u32(1),
      u32(20240301),
      u32(20240302),
      text(target, length),
    ]),
  ])
  return Buffer.concat([Buffer.from('DBN'), Buffer.from([version]), u32(body.length), body])
}

/** What every record has. */
export interface RecordFields {
  readonly id: number
  readonly publisher?: number
  /** ns after {@link START_NS}; receive time and venue time. */
  readonly received?: number
  readonly event?: number
}

function header(type: number, bytes: number, fields: RecordFields): Buffer {
  const record = Buffer.alloc(bytes)
  record.writeUInt8(bytes / 4, 0)
  record.writeUInt8(type, 1)
  record.writeUInt16LE(fields.publisher ?? 1, 2)
  record.writeUInt32LE(fields.id, 4)
  record.writeBigUInt64LE(START_NS + BigInt(fields.event ?? fields.received ?? 0), 8)
  return record
}

/** One order record. */
export interface MboFields extends RecordFields {
  readonly order?: bigint
  /** In 1e-9. */
  readonly price: bigint
  readonly size: number
  readonly flags?: number
  readonly action: string
  readonly side: string
  readonly sequence?: number
}

/** Type 0xa0, 56 bytes. */
export function mbo(fields: MboFields): Buffer {
  const record = header(0xa0, 56, fields)
  record.writeBigUInt64LE(fields.order ?? 0n, 16)
  record.writeBigInt64LE(fields.price, 24)
  record.writeUInt32LE(fields.size, 32)
  record.writeUInt8(fields.flags ?? 0x80, 36)
  record.write(fields.action, 38, 'latin1')
  record.write(fields.side, 39, 'latin1')
  record.writeBigUInt64LE(START_NS + BigInt(fields.received ?? 0), 40)
  record.writeUInt32LE(fields.sequence ?? 0, 52)
  return record
}

/** Price in 1e-9 and size. */
export type LevelFields = readonly [bigint, number]

/** One trade or level record; levels best first, at most ten a side. */
export interface MbpFields extends RecordFields {
  readonly price?: bigint
  readonly size?: number
  readonly flags?: number
  readonly action: string
  readonly side?: string
  readonly bids?: readonly LevelFields[]
  readonly asks?: readonly LevelFields[]
  readonly sequence?: number
}

/** Types 0x00, 0x01 and 0x0a: 0, 1 or 10 levels behind the 48 bytes of a trade. */
export function mbp(levels: 0 | 1 | 10, fields: MbpFields): Buffer {
  const record = header(levels, 48 + levels * 32, fields)
  record.writeBigInt64LE(fields.price ?? UNDEF_PRICE, 16)
  record.writeUInt32LE(fields.size ?? 0, 24)
  record.write(fields.action, 28, 'latin1')
  record.write(fields.side ?? 'N', 29, 'latin1')
  record.writeUInt8(fields.flags ?? 0x80, 30)
  record.writeBigUInt64LE(START_NS + BigInt(fields.received ?? 0), 32)
  record.writeUInt32LE(fields.sequence ?? 0, 44)
  for (let i = 0; i < levels; i++) {
    const [bid, bidSize] = fields.bids?.[i] ?? [UNDEF_PRICE, 0]
    const [ask, askSize] = fields.asks?.[i] ?? [UNDEF_PRICE, 0]
    const at = 48 + i * 32
    record.writeBigInt64LE(bid, at)
    record.writeBigInt64LE(ask, at + 8)
    record.writeUInt32LE(bidSize, at + 16)
    record.writeUInt32LE(askSize, at + 20)
  }
  return record
}

/** Type 0x12: `isTrading` is `Y`, `N` or `~`. */
export function status(fields: RecordFields, action: number, isTrading: string): Buffer {
  const record = header(0x12, 40, fields)
  record.writeBigUInt64LE(START_NS + BigInt(fields.received ?? 0), 16)
  record.writeUInt16LE(action, 24)
  record.write(isTrading, 30, 'latin1')
  return record
}

/** A record of another type, such as 0x18 (statistics). */
export function other(type: number, bytes: number, fields: RecordFields): Buffer {
  return header(type, bytes, fields)
}

/** What a definition says, in the units of the file. */
export interface DefinitionFields extends RecordFields {
  readonly symbol: string
  readonly increment: bigint
  readonly factor?: bigint
  readonly amount?: bigint
  readonly quantity?: bigint
  readonly lot?: number
  readonly multiplier?: number
}

/** Offsets by version: quantity, amount, lot, multiplier, currency, symbol, asset; then bytes. */
const DEFINITION = {
  1: [88, 96, 140, 160, 186, 200, 248, 360],
  2: [88, 96, 148, 164, 186, 200, 297, 400],
  3: [80, 88, 160, 176, 224, 238, 335, 520],
} as const

/** Type 0x13. */
export function definition(version: 1 | 2 | 3, fields: DefinitionFields): Buffer {
  const [quantity, amount, lot, multiplier, currency, symbol, asset, bytes] = DEFINITION[version]
  const record = header(0x13, bytes, fields)
  record.writeBigInt64LE(fields.increment, 24)
  record.writeBigInt64LE(fields.factor ?? UNDEF_PRICE, 32)
  record.writeBigInt64LE(fields.quantity ?? UNDEF_PRICE, quantity)
  record.writeBigInt64LE(fields.amount ?? UNDEF_PRICE, amount)
  record.writeInt32LE(fields.lot ?? 0x7fffffff, lot)
  record.writeInt32LE(fields.multiplier ?? 0x7fffffff, multiplier)
  record.write('USD', currency, 'latin1')
  record.write(fields.symbol, symbol, 'latin1')
  record.write(fields.symbol.slice(0, 2), asset, 'latin1')
  return record
}

/** One dollar in the unit of prices. */
export const DOLLAR = 1_000_000_000n

/** Small files for the fuzz campaign. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const orders = [
    mbo({ id: 7, order: 1n, price: 100n * DOLLAR, size: 5, action: 'A', side: 'B', flags: 0x28 }),
    mbo({ id: 7, order: 2n, price: 101n * DOLLAR, size: 3, action: 'A', side: 'A', flags: 0x28 }),
    mbo({ id: 7, order: 3n, price: 100n * DOLLAR, size: 2, action: 'A', side: 'B', received: 10 }),
    mbo({ id: 8, order: 3n, price: -2n * DOLLAR, size: 2, action: 'A', side: 'B', received: 12 }),
    mbo({ id: 7, price: 101n * DOLLAR, size: 1, action: 'T', side: 'B', flags: 0, received: 20 }),
    mbo({ id: 7, order: 2n, price: 101n * DOLLAR, size: 1, action: 'F', side: 'A', received: 20 }),
    mbo({ id: 7, order: 2n, price: 101n * DOLLAR, size: 2, action: 'M', side: 'A', received: 20 }),
    mbo({ id: 7, order: 1n, price: 100n * DOLLAR, size: 5, action: 'C', side: 'B', received: 30 }),
    status({ id: 7, received: 31 }, 8, 'N'),
    other(0x18, 64, { id: 7, received: 40 }),
  ]
  const mappings = [
    ['ESH4', '7'],
    ['ESH4-ESM4', '8'],
  ] as const
  const levels = [1, 2, 3].map((i) =>
    mbp(10, {
      id: 7,
      action: i === 2 ? 'T' : 'A',
      price: 100n * DOLLAR,
      size: i,
      side: 'B',
      received: i,
      bids: [
        [(100n - BigInt(i)) * DOLLAR, i],
        [95n * DOLLAR, 2],
      ],
      asks: [[103n * DOLLAR, 4]],
    }),
  )
  return [
    { name: 'orders.dbn', bytes: Buffer.concat([metadata({ version: 3, mappings }), ...orders]) },
    { name: 'levels.dbn', bytes: Buffer.concat([metadata({ version: 1, mappings }), ...levels]) },
  ]
}
