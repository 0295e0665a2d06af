import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { INLINE_LIMITS } from './compiler.ts'

it('asks for nothing that this V8 does not know', () => {
  const asked = spawnSync(process.execPath, [...INLINE_LIMITS, '-p', '1 + 1'], { encoding: 'utf8' })
  expect([asked.status, asked.stdout, asked.stderr]).toEqual([0, '2\n', ''])
  const unknown = spawnSync(process.execPath, ['--max-inlined-nothing=1', '-p', '1'])
  expect(unknown.status).not.toBe(0)
})
