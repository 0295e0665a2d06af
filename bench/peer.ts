/** Peers that `npm run bench:peers` has installed; without it the benchmarks do without them. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { BenchCase } from './bench-case.ts'

const FOLDER = new URL('./peers/', import.meta.url)
const INSTALL = 'npm run bench:peers installs it'

/** Python with the peers, or another one that has them. */
export const PEER_PYTHON =
  process.env['LOBTRADER_PEER_PYTHON'] ??
  fileURLToPath(new URL('node_modules/.venv/bin/python', FOLDER))

/** The part of a case that names its peer, or says why there is none. */
type PeerOfCase = Pick<BenchCase, 'against' | 'peerMissing'>

/**
 * Returns a peer in Python: a script of `bench/peers` that is given arguments and the number of
 * runs, and prints `{"runs": [...], "version": ...}` as its last line.
 *
 * @param library its package
 * @param before  arguments before the number of runs
 * @param behind  arguments after it
 */
export async function pythonPeer(
  library: string,
  script: string,
  before: readonly string[],
  behind: readonly string[] = [],
): Promise<PeerOfCase> {
  const missing = { peerMissing: `${library} is not installed; ${INSTALL}` }
  if (!existsSync(PEER_PYTHON)) return missing
  const check = `import importlib.metadata as m; print(m.version(${JSON.stringify(library)}))`
  const version = await output(PEER_PYTHON, ['-c', check]).catch(() => undefined)
  if (version === undefined) return missing
  return {
    against: {
      name: `${library} ${version.trim()}`,
      measure: async () => {
        const path = fileURLToPath(new URL(script, FOLDER))
        const text = await output(PEER_PYTHON, [path, ...before, '1', ...behind])
        const lines = text.trimEnd().split('\n')
        return (JSON.parse(lines[lines.length - 1]!) as { runs: number[] }).runs[0]!
      },
    },
  }
}

/** Returns a module of the peers' folder and its version; undefined when it is not installed. */
export function nodePeer<T>(
  name: string,
): { readonly module: T; readonly version: string } | undefined {
  const require = createRequire(new URL('package.json', FOLDER))
  try {
    const path = `${name}/package.json`
    const { version } = require(path) as { version: string }
    return { module: require(name) as T, version }
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    return undefined
  }
}

/** Says that a package of Node is missing. */
export function missingPeer(name: string): PeerOfCase {
  return { peerMissing: `${name} is not installed; ${INSTALL}` }
}

/** Runs a command and returns what it prints; what it says on stderr is shown when it fails. */
export async function output(command: string, args: readonly string[]): Promise<string> {
  const job = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  job.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  job.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    job.on('error', reject).on('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${err}`)
  return out
}
