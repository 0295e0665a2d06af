/**
 * Compiles the kernels of `kernels/` to WebAssembly and writes each into the module that holds it:
 * `node scripts/kernels.mjs [--check]`. With `--check` nothing is written; the exit code is 1 where
 * a module is not what its source compiles to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const KERNELS = [
  {
    source: 'kernels/level-rows.ts',
    module: 'src/book/level-rows.wasm.ts',
    pages: 11,
    grows: true,
  },
  {
    source: 'kernels/binance-lines.ts',
    module: 'src/feed/import/binance/binance-lines.wasm.ts',
    pages: 8,
  },
  { source: 'kernels/order-rows.ts', module: 'src/book/order-rows.wasm.ts', pages: 6, grows: true },
  { source: 'kernels/prefix-codes.ts', module: 'src/store/prefix-codes.wasm.ts', pages: 39 },
]

const root = fileURLToPath(new URL('..', import.meta.url))

async function compile({ source, pages, grows = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-kernel-'))
  try {
    const target = join(folder, 'kernel.wasm')
    const most = grows ? [] : ['--maximumMemory', String(pages)]
    const memory = ['--initialMemory', String(pages), ...most]
    const options = [
      '-O3',
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '--importMemory',
      '--noExportMemory',
      ...memory,
    ]
    const { error } = await asc.main([join(root, source), ...options, '--outFile', target])
    if (error !== null) throw new Error(`${source} does not compile`, { cause: error })
    return readFileSync(target).toString('base64')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function moduleText({ source, pages }, base64) {
  const lines = base64.match(/.{1,92}/g).map((line) => `  '${line}'`)
  return `/** Compiled from \`${source}\` by \`npm run kernels\`; not written by hand. */

/** Pages of 64 KiB that the kernel imports. */
export const PAGES = ${pages}

/** The module, base64. */
export const WASM =
${lines.join(' +\n')}
`
}

const isCheck = process.argv.includes('--check')
for (const kernel of KERNELS) {
  const path = join(root, kernel.module)
  const text = moduleText(kernel, await compile(kernel))
  if (!isCheck) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(
      `${kernel.module} is not what ${kernel.source} compiles to; npm run kernels\n`,
    )
    process.exitCode = 1
  }
}
