import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sessionRun } from '../../test/session-fixture.ts'
import { runJson } from './run-json.ts'
import { writeReport } from './write-report.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lobtrader-report-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const FILES = ['fills.csv', 'index.html', 'orders.csv', 'run.json']
const run = sessionRun({ samples: 60 })

describe('writing a report', () => {
  test('makes the folder, writes four files and nothing else, and returns their paths', async () => {
    const dir = join(root, 'a', 'b')
    const files = await writeReport(run, dir)
    expect(readdirSync(dir).toSorted()).toEqual(FILES)
    expect(files).toEqual({
      html: join(dir, 'index.html'),
      json: join(dir, 'run.json'),
      orders: join(dir, 'orders.csv'),
      fills: join(dir, 'fills.csv'),
    })
    expect(JSON.parse(readFileSync(files.json, 'utf8'))).toEqual(runJson(run))
    expect(readFileSync(files.html, 'utf8')).toMatch(/^<!doctype html>/)
    const rows = readFileSync(files.orders, 'utf8').trimEnd().split('\n')
    expect(rows).toHaveLength(run.orders.length + 1)
  })

  test('replaces an older report and leaves other files alone', async () => {
    writeFileSync(join(root, 'run.json'), 'old')
    writeFileSync(join(root, 'notes.txt'), 'mine')
    await writeReport(run, root)
    expect(readdirSync(root).toSorted()).toEqual([...FILES, 'notes.txt'].toSorted())
    expect(readFileSync(join(root, 'run.json'), 'utf8')).not.toBe('old')
  })

  test('two runs of one record write the same bytes', async () => {
    await writeReport(run, join(root, 'a'))
    await writeReport(run, join(root, 'b'))
    for (const name of FILES) {
      expect(readFileSync(join(root, 'a', name))).toEqual(readFileSync(join(root, 'b', name)))
    }
  })

  test('a file in the way is an error with its path', async () => {
    writeFileSync(join(root, 'taken'), '')
    await expect(writeReport(run, join(root, 'taken'))).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      context: { path: join(root, 'taken') },
    })
    await expect(writeReport(run, join(root, 'taken', 'deep'))).rejects.toMatchObject({
      code: 'WRITE_FAILED',
    })
  })

  test('a folder where a file must go fails, names it and leaves nothing half-written', async () => {
    mkdirSync(join(root, 'run.json', 'full'), { recursive: true })
    await expect(writeReport(run, root)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      context: { path: join(root, 'run.json') },
    })
    expect(readdirSync(root)).toEqual(['run.json'])
  })

  test.skipIf(process.getuid?.() === 0)('a read-only folder is an error', async () => {
    chmodSync(root, 0o555)
    await expect(writeReport(run, root)).rejects.toThrow(/WRITE_FAILED.*permission denied/)
    chmodSync(root, 0o755)
    expect(existsSync(join(root, 'index.html'))).toBe(false)
  })
})
