/** Reads the records of hftbacktest arrays, one file after another, in bounded memory. */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { midnightBefore } from '../../../time/index.ts'
import { InputFile } from '../../input/byte-stream.ts'
import { StreamFault } from '../../input/stream-fault.ts'
import { zipEntries, zipEntryChunks } from '../../input/zip-file.ts'
import { EventRecord, RECORD_BYTES, RECORD_FIELDS, firstTimeNs } from './event-record.ts'
import { OWN_ENTRY } from './own-entry.ts'
import { parseNpyHeader, type NpyHeader } from './npy-header.ts'

/** Name that hftbacktest gives to the array. */
const ARRAY_NAME = 'data.npy'

/** What a pass over arrays does with them. */
export interface RecordPass {
  /** Called once, before the first record. @param epochNs midnight of the first time */
  begin(epochNs: bigint): void
  /** Called for each record, which is in the reader. */
  record(): void
  /** Called now and then between records. */
  rest(bytesRead: number, bytesTotal: number): void
  /** True when the pass has seen enough. */
  readonly isDone?: boolean
}

/** One pass over array files. */
export class ArrayReader {
  /** The record at hand. */
  readonly record = new EventRecord()
  /** Records read so far. */
  rows = 0
  epochNs = 0n
  readonly #paths: readonly string[]
  #file = ''
  #row = 0

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** File and row of the record at hand. */
  readonly place = (): DataPlace => ({ file: this.#file, row: this.#row })

  /**
   * Gives every record to `pass`.
   *
   * @throws DataError when a file is no sound array of event records
   */
  async read(pass: RecordPass): Promise<void> {
    const inputs: InputFile[] = []
    try {
      for (const path of this.#paths) inputs.push(await InputFile.open(path))
      const total = inputs.reduce((sum, input) => sum + input.bytes, 0)
      for (const input of inputs) {
        this.#file = input.path
        this.#row = 0
        await this.#readFile(input, pass, total)
        if (pass.isDone === true) return
      }
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error
      throw new DataError(
        error.code,
        error.message,
        this.#row === 0 ? { file: this.#file } : this.place(),
      )
    } finally {
      for (const input of inputs) await input.close()
    }
    if (this.rows === 0) {
      throw new DataError('TOO_FEW_ROWS', 'the array has no rows', { file: this.#file })
    }
  }

  async #readFile(input: InputFile, pass: RecordPass, bytesTotal: number): Promise<void> {
    const { chunks, bytes, isOurs } = await openArray(input)
    this.record.hasSeq = isOurs
    let held: Uint8Array = new Uint8Array(0)
    let header: NpyHeader | undefined
    for await (const chunk of chunks) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (header === undefined) {
        const parsed = parseNpyHeader(held)
        if (typeof parsed === 'number') continue
        header = parsed
        this.#checkHeader(header, bytes)
        held = held.subarray(header.dataOffset)
      }
      held = held.subarray(this.#readRecords(held, pass))
      pass.rest(input.bytesRead, bytesTotal)
      if (pass.isDone === true) return
    }
    if (header === undefined || held.length > 0 || this.#row !== header.shape[0]) {
      throw new StreamFault(
        'TRUNCATED_FILE',
        `the array ends after row ${this.#row} of ${header?.shape[0] ?? 'an unknown number'}`,
      )
    }
  }

  /** Reads whole records and returns the bytes that they took. */
  #readRecords(bytes: Uint8Array, pass: RecordPass): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const end = bytes.length - (bytes.length % RECORD_BYTES)
    if (this.rows === 0 && end > 0) {
      this.epochNs = midnightBefore(firstTimeNs(view, 0))
      this.record.setEpoch(this.epochNs)
      pass.begin(this.epochNs)
    }
    for (let at = 0; at < end; at += RECORD_BYTES) {
      this.record.read(view, at)
      this.#row++
      this.rows++
      pass.record()
    }
    return end
  }

  #checkHeader({ fields, shape, dataOffset }: NpyHeader, bytes: number | undefined): void {
    const at = RECORD_FIELDS.findIndex((field, i) => fields[i] !== field)
    if (at >= 0 || fields.length !== RECORD_FIELDS.length) {
      const i = at >= 0 ? at : RECORD_FIELDS.length
      throw new DataError(
        'BAD_FIELD',
        `expected the records of hftbacktest 2 (${RECORD_FIELDS.join(' ')}), field ${i + 1} is ${fields[i] ?? 'absent'}`,
        { file: this.#file, field: 'descr' },
      )
    }
    const rows = shape.length === 1 ? shape[0]! : -1
    if (rows < 0 || (bytes !== undefined && dataOffset + rows * RECORD_BYTES !== bytes)) {
      throw new DataError(
        'CORRUPT_FILE',
        `the header says shape (${shape.join(', ')}), which does not fit the ${bytes ?? 'unknown'} bytes of the array`,
        { file: this.#file, field: 'shape' },
      )
    }
  }
}

interface OpenArray {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Size of header and data, where it is known. */
  readonly bytes: number | undefined
  /** True when an export of ours has written it. */
  readonly isOurs: boolean
}

async function openArray(input: InputFile): Promise<OpenArray> {
  if (input.compression !== 'zip')
    return { chunks: input.chunks(), bytes: undefined, isOurs: false }
  const entries = await zipEntries(input)
  const arrays = entries.filter(({ name }) => name.endsWith('.npy'))
  const entry = entries.find(({ name }) => name === ARRAY_NAME) ?? arrays[0]
  if (entry === undefined || (entry.name !== ARRAY_NAME && arrays.length > 1)) {
    const names = entries.map(({ name }) => name).join(', ')
    throw new DataError('BAD_FIELD', `expected an array "data", found ${names || 'nothing'}`, {
      file: input.path,
    })
  }
  const isOurs = entries.some(({ name }) => name === OWN_ENTRY)
  return { chunks: zipEntryChunks(input, entry), bytes: entry.bytes, isOurs }
}
