/** Runs the built command line as a user would. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/lobtrader.js', import.meta.url))

/** What a finished command has left. */
export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `lobtrader` with these arguments in a folder. */
export function lobtrader(args: readonly string[], cwd: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  })
  return { status, stdout, stderr }
}

/** Runs a command with `--json` and returns its document, which must be all of stdout. */
export function lobtraderJson<T>(args: readonly string[], cwd: string): T {
  const { status, stdout, stderr } = lobtrader([...args, '--json'], cwd)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^[^\n]+\n$/)
  return JSON.parse(stdout) as T
}

/** Expects one sentence on stderr, nothing on stdout, no stack trace, exit code 2. */
export function expectRefusal(outcome: Outcome, sentence: string | RegExp): void {
  expect(outcome.stderr).toMatch(sentence)
  expect(outcome.stderr).toMatch(/^lobtrader[^\n]*: [^\n]+\n$/)
  expect(outcome.stdout).toBe('')
  expect(outcome.status).toBe(2)
}

/** Makes a folder, and removes it with the returned function. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'lobtrader-cli-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
