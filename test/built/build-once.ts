/** Brings dist up to date before the tests that use it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      // The page that tests of the sources build is no source.
      .filter((entry) => !entry.parentPath.includes(`${root}ui/dist`))
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
  )
}

/** Builds when a source is younger than the build. */
export function setup(): void {
  const built = `${root}dist/cli/main.js`
  const sources = Math.max(...['src', 'ui', 'scripts'].map((folder) => newest(root + folder)))
  if (existsSync(built) && statSync(built).mtimeMs > sources) return
  execFileSync(process.execPath, [`${root}scripts/build.mjs`], { cwd: root, stdio: 'inherit' })
}
