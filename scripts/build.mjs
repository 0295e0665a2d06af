/**
 * Compiles src to dist. Everything is built aside and then swapped in, so that a failing build
 * leaves no half of one and a deleted module does not survive in the package.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inlineConstants } from './inline-constants.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const staging = `${root}dist-${process.pid}`
const previous = `${root}dist-${process.pid}-previous`

function compile() {
  const tsc = fileURLToPath(import.meta.resolve('@typescript/native/package.json'))
  const bin = tsc.replace(/package\.json$/, 'bin/tsc')
  const run = spawnSync(process.execPath, [bin, '-p', 'tsconfig.build.json', '--outDir', staging], {
    cwd: root,
    // stdout belongs to whoever builds on the way to an answer, as `npm run bench -- --json` does.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  })
  if (run.error !== undefined) throw run.error
  return run.status ?? 1
}

async function buildPage() {
  const script = new URL('build-ui.mjs', import.meta.url)
  if (!existsSync(script)) return
  const { buildUi } = await import(script.href)
  await buildUi(staging)
}

try {
  const status = compile()
  if (status === 0) {
    inlineConstants(staging)
    await buildPage()
    if (existsSync(`${root}dist`)) renameSync(`${root}dist`, previous)
    renameSync(staging, `${root}dist`)
  } else {
    process.exitCode = status
  }
} finally {
  rmSync(staging, { recursive: true, force: true })
  rmSync(previous, { recursive: true, force: true })
}
