/**
 * Runs a TypeScript file of this checkout against the built package, types stripped:
 * `node scripts/run.mjs examples/01-market-maker.ts [arguments]`.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const hooks = new URL('../dist/cli/module-hooks.js', import.meta.url)
const [file, ...rest] = process.argv.slice(2)

if (!existsSync(hooks)) {
  process.stderr.write('dist/ is missing; run npm run build first\n')
  process.exitCode = 2
} else if (file === undefined || !existsSync(file)) {
  process.stderr.write(`${file ?? 'the file to run'} does not exist\n`)
  process.exitCode = 2
} else {
  const path = resolve(file)
  process.argv = [process.argv[0], path, ...rest]
  const { registerModuleHooks } = await import(hooks.href)
  registerModuleHooks()
  await import(pathToFileURL(path).href)
}
