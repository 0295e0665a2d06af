import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zip } from '../../../test/hftbacktest-arrays.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { DataError } from '../../core/index.ts'
import { InputFile, compressionOf, type InputLimits } from './byte-stream.ts'
import { lineBlocks } from './line-blocks.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobtrader-input-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

interface Read {
  readonly lines: string[]
  readonly unterminated: boolean
}

async function readLines(path: string, limits?: InputLimits): Promise<Read> {
  const input = await InputFile.open(path)
  const lines: string[] = []
  let unterminated = false
  try {
    for await (const block of lineBlocks(input, limits)) {
      expect(block.firstLine).toBe(lines.length + 1)
      for (let i = 0; i < block.lines; i++) {
        lines.push(
          Buffer.from(block.bytes.subarray(block.starts[i]!, block.starts[i + 1]! - 1)).toString(),
        )
      }
      unterminated = block.unterminated
    }
  } finally {
    await input.close()
  }
  return { lines, unterminated }
}

async function failure(work: Promise<unknown>): Promise<DataError> {
  try {
    await work
  } catch (error) {
    if (error instanceof DataError) return error
    throw error
  }
  throw new Error('expected a DataError')
}

const manyLines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `line ${i} ${(i * 7919) % 10007}\n`).join('')

/** A zstd frame with one raw block per 100,000 bytes and no checksum (RFC 8878, section 3.1.1). */
function zstdOf(text: string): Buffer {
  const body = Buffer.from(text)
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]
  for (let at = 0; at < body.length; at += 100_000) {
    const piece = body.subarray(at, at + 100_000)
    const last = at + 100_000 >= body.length ? 1 : 0
    const header = (piece.length << 3) | last
    parts.push(Buffer.from([header & 255, (header >> 8) & 255, header >> 16]), piece)
  }
  return Buffer.concat(parts)
}

describe('lines of an input file', () => {
  it('come out of plain, gzip, multi-member gzip and zstd alike, whatever the name', async () => {
    const text = manyLines(60_000)
    const expected = text.trimEnd().split('\n')
    const half = text.length >> 1
    const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))])
    for (const [name, bytes] of [
      ['plain.gz', text],
      ['gzip.csv', gzipSync(text)],
      ['members.txt', members],
      ['frame.bin', zstdOf(text)],
      ['frames.bin', Buffer.concat([zstdOf(text.slice(0, half)), zstdOf(text.slice(half))])],
    ] as const) {
      expect((await readLines(write(name, bytes))).lines, name).toEqual(expected)
    }
  })

  it('come out of the entries of a zip file in the order of their names', async () => {
    const days = ['day-02.csv', 'day-01.csv', 'day-03.csv']
    const parts = days.map((name, i) => ({
      name,
      // The second day has no newline at its end.
      content: Buffer.from(`${name} first\n${name} last${i === 1 ? '' : '\n'}`),
      deflate: i > 0,
    }))
    const more = ['sub/', '__MACOSX/._day-01.csv', '.DS_Store'].map((name) => ({
      name,
      content: Buffer.from(name.endsWith('/') ? '' : 'binary'),
    }))
    const { lines } = await readLines(write('days', zip([...more, ...parts])))
    expect(lines).toEqual(days.toSorted().flatMap((name) => [`${name} first`, `${name} last`]))
  })

  it('end in CORRUPT_FILE with the last good line when a zip file is broken or holds no file', async () => {
    const content = Buffer.from(manyLines(60_000))
    const one = zip([{ name: 'a.csv', content }])
    const flipped = Buffer.from(one)
    flipped[one.length >> 1]! ^= 4
    expect((await failure(readLines(write('flip.zip', flipped)))).code).toBe('CORRUPT_FILE')
    const wrong = zip([{ name: 'a.csv', content }], (entry) => entry.writeUInt32LE(1, 16))
    expect((await failure(readLines(write('crc.zip', wrong)))).message).toMatch(
      /^CORRUPT_FILE: .*crc\.zip line 60001: .*the checksum of "a\.csv" is wrong; line 60000 is the last good one$/,
    )
    const cut = await failure(readLines(write('cut.zip', one.subarray(0, -100))))
    expect(cut.code).toBe('TRUNCATED_FILE')
    for (const parts of [[], [{ name: 'folder/', content: Buffer.alloc(0) }]]) {
      expect((await failure(readLines(write('none.zip', zip(parts))))).message).toMatch(
        /^CORRUPT_FILE: .*it holds no file; no line could be read$/,
      )
    }
  })

  it('include a last line without a newline, and say so', async () => {
    expect(await readLines(write('cut', 'a\nb'))).toEqual({ lines: ['a', 'b'], unterminated: true })
    expect(await readLines(write('whole', 'a\n\nb\n'))).toEqual({
      lines: ['a', '', 'b'],
      unterminated: false,
    })
  })

  it('equal a split of the text for any text and any chunking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 40, size: 'max' }), {
          minLength: 1,
          maxLength: 50,
        }),
        async (lines) => {
          const text = `${lines.join('\n')}\n`
          expect((await readLines(write('any', gzipSync(text)))).lines).toEqual(
            text.slice(0, -1).split('\n'),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('end in TRUNCATED_FILE with the last good line when gzip or zstd is cut anywhere', async () => {
    const text = manyLines(5_000)
    const gzip = gzipSync(text)
    const zstd = zstdOf(text)
    for (let cut = 20; cut < gzip.length; cut += Math.floor(gzip.length / 23)) {
      const error = await failure(readLines(write('cut.gz', gzip.subarray(0, cut))))
      expect(error.code).toBe('TRUNCATED_FILE')
      expect(error.message).toMatch(
        /cut\.gz line \d+: the gzip data end in the middle; (line \d+ is the last good one|no line could be read)$/,
      )
    }
    const error = await failure(readLines(write('cut.zst', zstd.subarray(0, zstd.length - 5))))
    expect(error.message).toMatch(
      /^TRUNCATED_FILE: .*cut\.zst line \d+: the zstd data end in the middle/,
    )
  })

  it('number the last good line of truncated gzip exactly', async () => {
    const first = gzipSync('one\ntwo\nthree\n')
    const error = await failure(
      readLines(write('two.gz', Buffer.concat([first, gzipSync(manyLines(9)).subarray(0, 12)]))),
    )
    expect(error.line).toBe(4)
    expect(error.message).toContain('line 3 is the last good one')
  })

  it('end in CORRUPT_FILE when one bit of the gzip data is flipped or garbage follows', async () => {
    const gzip = gzipSync(manyLines(3_000))
    for (let at = 200; at < gzip.length; at += Math.floor(gzip.length / 17)) {
      const bad = Buffer.from(gzip)
      bad[at]! ^= 4
      const error = await failure(readLines(write('flip.gz', bad)))
      expect(['CORRUPT_FILE', 'TRUNCATED_FILE']).toContain(error.code)
    }
    const trailing = await failure(
      readLines(write('tail.gz', Buffer.concat([gzip, Buffer.from('garbage')]))),
    )
    expect(trailing.code).toBe('CORRUPT_FILE')
  })

  it('end where gzip data end that are padded with zeros', async () => {
    const padded = Buffer.concat([gzipSync('a\nb\n'), Buffer.alloc(300_000)])
    expect((await readLines(write('padded.gz', padded))).lines).toEqual(['a', 'b'])
  })

  it('end in CORRUPT_FILE when a zstd block header is broken', async () => {
    const zstd = zstdOf(manyLines(3_000))
    zstd[6] = zstd[6]! | 6
    expect((await failure(readLines(write('bad.zst', zstd)))).code).toBe('CORRUPT_FILE')
  })

  it('are refused when they expand like a bomb or a line never ends', async () => {
    const limits: InputLimits = { lineBytesMax: 1 << 21, ratioMax: 200, ratioFreeBytes: 1 << 20 }
    const bomb = gzipSync(Buffer.alloc(50 << 20, `${'a'.repeat(4095)}\n`))
    const expanding = await failure(readLines(write('bomb.gz', bomb), limits))
    expect(expanding.message).toContain('the gzip data expand more than 200 times')
    const endless = await failure(
      readLines(write('long', Buffer.alloc(4 << 20, 97)), { ...limits, ratioMax: 1e9 }),
    )
    const packed = zip([{ name: 'a', content: Buffer.alloc(50 << 20, `${'a'.repeat(4095)}\n`) }])
    expect((await failure(readLines(write('bomb.zip', packed), limits))).message).toContain(
      'the zip data expand more than 200 times',
    )
    expect(endless.message).toMatch(
      /^OUT_OF_RANGE: .*long line 1: the line is longer than 2097152 bytes/,
    )
  })

  it('name what is wrong with a missing file, a folder and an empty file', async () => {
    const absent = await failure(readLines(join(folder, 'absent.gz')))
    expect(absent.message).toMatch(/^ABSENT_FILE: .*absent\.gz: there is no such file$/)
    await mkdir(join(folder, 'sub'))
    expect((await failure(readLines(join(folder, 'sub')))).message).toMatch(
      /^BAD_ARGUMENT: .*sub: is a folder or a device, expected a file$/,
    )
    expect((await failure(readLines(write('empty', '')))).message).toMatch(
      /^TOO_FEW_ROWS: .*empty: the file is empty$/,
    )
    expect((await failure(readLines(write('empty.gz', gzipSync(''))))).code).toBe('TOO_FEW_ROWS')
  })

  it('are refused when the file changes while it is read', async () => {
    const path = write('growing', manyLines(200_000))
    const input = await InputFile.open(path)
    const work = async (): Promise<void> => {
      for await (const block of lineBlocks(input)) {
        if (block.firstLine === 1) writeFileSync(path, 'more\n', { flag: 'a' })
      }
    }
    const error = await failure(work())
    await input.close()
    expect(error.message).toContain('the file changed while it was read')
  })
})

describe('compressionOf', () => {
  it('tells gzip, zstd, skippable zstd frames, zip and plain text apart', () => {
    expect(compressionOf(Uint8Array.of(0x1f, 0x8b, 8, 0))).toBe('gzip')
    expect(compressionOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd))).toBe('zstd')
    expect(compressionOf(Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18))).toBe('zstd')
    expect(compressionOf(Buffer.from('PK\x03\x04'))).toBe('zip')
    expect(compressionOf(Buffer.from('PK\x05\x06'))).toBe('zip')
    expect(compressionOf(Uint8Array.of(0x31, 0x37))).toBe('plain')
  })
})

describeWithData('real zstd data', () => {
  it('is read to its end: 68,792 records of 56 bytes behind the header', async () => {
    const input = await InputFile.open(
      sharedPath('data/databento/esh4-glbx-mdp3-20231225.mbo.dbn.zst'),
    )
    let bytes = 0
    let metadataBytes = -1
    for await (const chunk of input.chunks()) {
      if (bytes === 0) {
        metadataBytes = new DataView(chunk.buffer, chunk.byteOffset).getUint32(4, true)
      }
      bytes += chunk.length
    }
    await input.close()
    // Databento binary encoding: 4 bytes "DBN" and version, 4 of metadata length, metadata, records.
    expect(bytes).toBe(8 + metadataBytes + 68_792 * 56)
  })
})
