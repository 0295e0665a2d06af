/** The thread that encodes blocks, which runs only where the package is built. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { makeStore, session, temporaryFolder } from '../store-fixture.ts'

const CHILD = fileURLToPath(new URL('encoding-child.mjs', import.meta.url))
const path = temporaryFolder()

it('writes the same bytes as an import without it', () => {
  const store = makeStore(path(), { l2: session(400_000, 1), bbo: session(90_000, 2) })
  const copy = path()
  const { status, stderr } = spawnSync(process.execPath, [CHILD, store.dir, copy], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const paths = store.partitions().map((info) => info.path)
  expect(paths).toHaveLength(2)
  for (const file of paths) {
    const twin = join(copy, relative(store.dir, file))
    expect(readFileSync(twin).equals(readFileSync(file))).toBe(true)
  }
})
