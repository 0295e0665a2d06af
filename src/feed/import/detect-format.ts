/** Tells the format of files by their first bytes. */
import { basename } from 'node:path'
import { LobtraderError } from '../../core/index.ts'
import { InputFile } from '../input/byte-stream.ts'
import { StreamFault } from '../input/stream-fault.ts'
import { FORMATS } from './formats.ts'
import type { ImportFormatEntry } from './import-job.ts'

/** Decompressed bytes that a format is told by. */
const HEAD_BYTES = 1 << 16

/**
 * Returns the format that all files have.
 *
 * @throws DataError ABSENT_FILE, BAD_ARGUMENT or TOO_FEW_ROWS naming the file
 * @throws LobtraderError UNKNOWN_FORMAT when none or several know a file, or files differ
 */
export async function detectFormat(files: readonly string[]): Promise<ImportFormatEntry> {
  let found: ImportFormatEntry | undefined
  for (const file of files) {
    const format = await formatOf(file)
    if (found !== undefined && found !== format) {
      throw unknown(
        `${files[0]!} is of format ${found.name} and ${file} of ${format.name}; check them one by one`,
        file,
      )
    }
    found = format
  }
  if (found === undefined) throw unknown('there is no file', '')
  return found
}

async function formatOf(file: string): Promise<ImportFormatEntry> {
  const head = await readHead(file)
  const name = basename(file).toLowerCase()
  const formats = FORMATS.filter((format) => format.detects(head, name))
  if (formats.length === 1) return formats[0]!
  const known = FORMATS.map((format) => format.name).join(', ')
  const what =
    formats.length === 0
      ? `its beginning is that of no known format (${known})`
      : `it may be ${formats.map((format) => format.name).join(' or ')}`
  throw unknown(`cannot tell the format of ${file}: ${what}; say it with --format`, file)
}

/** Returns up to 64 KiB from the unpacked beginning of a file. */
async function readHead(file: string): Promise<Uint8Array> {
  const input = await InputFile.open(file)
  try {
    const parts: Uint8Array[] = []
    let bytes = 0
    try {
      for await (const chunk of input.chunks()) {
        // The importers reuse the memory of a chunk.
        parts.push(chunk.slice())
        bytes += chunk.length
        if (bytes >= HEAD_BYTES) break
      }
    } catch (error) {
      // A corrupt file is told by the import, which names the place.
      if (!(error instanceof StreamFault)) throw error
    }
    return Buffer.concat(parts).subarray(0, HEAD_BYTES)
  } finally {
    await input.close()
  }
}

function unknown(message: string, file: string): LobtraderError {
  return new LobtraderError('UNKNOWN_FORMAT', message, { path: file })
}
