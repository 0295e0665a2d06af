/** Builds the report page where the sources look for it, before the tests that write reports. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds into `ui/dist`. */
export function setup(): void {
  execFileSync(process.execPath, [`${root}scripts/build-ui.mjs`, `${root}ui/dist`], {
    stdio: 'inherit',
  })
}
