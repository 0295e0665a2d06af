import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unzstdFile } from './unzstd.ts'
import { zstdLibrary } from './zstd-library.ts'

const folder = mkdtempSync(join(tmpdir(), 'lobtrader-unzstd-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A frame with a window of 8 MB (RFC 8878, 3.1.1.1.2) and one block: raw, or of reserved type. */
function frame(text: string, type: 'raw' | 'reserved'): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE(1 | (type === 'raw' ? 0 : 6) | (text.length << 3), 0, 3)
  return Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, 13 << 3), header, Buffer.from(text)])
}

async function unpacked(bytes: Buffer, chunkBytes = 1 << 16, chunksMax = 100): Promise<string> {
  const path = join(folder, 'file.zst')
  writeFileSync(path, bytes)
  const descriptor = openSync(path, 'r')
  try {
    const parts: Uint8Array[] = []
    for await (const chunk of unzstdFile(descriptor, chunkBytes, () => undefined)) {
      parts.push(chunk)
      if (parts.length === chunksMax) break
    }
    return Buffer.concat(parts).toString()
  } finally {
    closeSync(descriptor)
  }
}

describe('a zstd file', () => {
  it('reads the same whatever the bytes taken at once', async () => {
    const bytes = Buffer.concat([frame('first ', 'raw'), frame('second', 'raw')])
    for (const chunkBytes of [1, 2, 7, 64]) {
      expect(await unpacked(bytes, chunkBytes)).toBe('first second')
    }
  })

  it('leaves no memory behind when it is corrupt, cut off or left early', async () => {
    await unpacked(frame('one', 'raw'))
    const library = await zstdLibrary()
    const before = library.memory.buffer.byteLength
    for (let i = 0; i < 40; i++) {
      await expect(unpacked(frame('bad', 'reserved'))).rejects.toThrow(/corrupt/)
      await expect(unpacked(frame('cut', 'raw').subarray(0, 10))).rejects.toThrow(/in the middle/)
      expect(await unpacked(Buffer.concat([frame('a', 'raw'), frame('b', 'raw')]), 10, 1)).toBe('a')
    }
    expect(await zstdLibrary()).toBe(library)
    expect(library.memory.buffer.byteLength).toBeLessThan(before + (16 << 20))
  })

  it('gets a library with little memory after one that needed much', async () => {
    const wide = frame('wide', 'raw')
    // 2^(10 + 16) bytes: the largest part of the 128 MB that libzstd allows by itself.
    wide[5] = 16 << 3
    const library = await zstdLibrary()
    expect(await unpacked(wide)).toBe('wide')
    expect(await zstdLibrary()).not.toBe(library)
    expect(await unpacked(frame('next', 'raw'))).toBe('next')
  })
})
