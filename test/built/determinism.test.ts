/** The same run gives the same hash in this thread, in two threads at once, and in a new process. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const CHILD = new URL('determinism-child.mjs', import.meta.url)

interface Told {
  readonly hashes: readonly string[]
  readonly trades: readonly number[]
}

interface Child {
  given(): { readonly events: { readonly exchTime: Float64Array } }[]
  hashes(given: unknown): Promise<Told>
}

async function inThread(given: unknown): Promise<Told> {
  const worker = new Worker(CHILD, { workerData: given })
  return await new Promise<Told>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
  })
}

test('one thread, two threads that share the columns, and a new process agree bit for bit', async () => {
  const child = (await import(CHILD.href)) as Child
  const given = child.given()
  expect(given[0]!.events.exchTime.buffer).toBeInstanceOf(SharedArrayBuffer)
  const here = await child.hashes(given)
  expect(new Set(here.hashes).size).toBe(3)
  expect(Math.min(...here.trades)).toBeGreaterThan(10)
  const threads = await Promise.all([inThread(given), inThread(given)])
  const run = spawnSync(process.execPath, [fileURLToPath(CHILD)], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect([...threads, JSON.parse(run.stdout)]).toEqual([here, here, here])
})
