/** Decodes one block of a partition file into columns. */
import { DataError } from '../core/index.ts'
import type { EventColumns } from '../market/index.ts'
import { decodeChunk } from './decode-chunk.ts'
import { COLUMN_NAMES, type BlockEntry, type ColumnName } from './tape-format.ts'

const ALL_COLUMNS: ReadonlySet<ColumnName> = new Set(COLUMN_NAMES)

/** An open file. */
export interface BlockFile {
  readonly path: string
  /** Fills the bytes from an offset on and returns them. */
  readonly read: (bytes: Buffer, offset: number) => Buffer
}

/** Memory for the bytes of one block, which every block of this thread passes through. */
let shared: Buffer = Buffer.alloc(0)

function sharedBytes(length: number): Buffer {
  if (shared.length < length) shared = Buffer.allocUnsafeSlow(length * 2)
  return shared.subarray(0, length)
}

/**
 * Decodes a block.
 *
 * @param rows   as many rows as the block has
 * @param shift  what moves the partition's times to the epoch of `rows`
 * @param wanted columns to decode, `localTime` with `exchTime`; the others are left as they are
 * @throws DataError CORRUPT_FILE naming the offset and the column
 */
export function readBlock(
  { path: file, read }: BlockFile,
  block: BlockEntry,
  rows: EventColumns,
  shift: number,
  wanted: ReadonlySet<ColumnName> = ALL_COLUMNS,
): void {
  const length = block.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
  const bytes = wanted === ALL_COLUMNS ? read(sharedBytes(length), block.offset) : undefined
  let offset = block.offset
  for (const [i, field] of COLUMN_NAMES.entries()) {
    const entry = block.chunks[i]!
    const from = offset
    offset += entry.bytes
    if (!wanted.has(field)) continue
    const at = from - block.offset
    const payload = bytes?.subarray(at, at + entry.bytes) ?? read(sharedBytes(entry.bytes), from)
    const isTime = field === 'localTime' || (field === 'exchTime' && !entry.isLag)
    const target = { out: rows[field], shift: isTime ? shift : 0 }
    decodeChunk(payload, entry, target, { file, offset: from, field })
    if (field === 'exchTime' && entry.isLag) lagToTime(rows.exchTime, rows.localTime)
    if (field === 'localTime' && rows.localTime[0] !== block.firstTime + shift) {
      throw new DataError(
        'CORRUPT_FILE',
        'the block does not begin at the time that its index entry says',
        { file, offset: from, field },
      )
    }
  }
}

function lagToTime(exchTime: Float64Array, localTime: Float64Array): void {
  for (let i = 0; i < exchTime.length; i++) exchTime[i] = localTime[i]! - exchTime[i]!
}
