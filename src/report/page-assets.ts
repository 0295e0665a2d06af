/** Finds the compiled page: its skeleton, its style, its script. */
import { readFileSync } from 'node:fs'
import { LobtraderError } from '../core/index.ts'

/** The parts of the page that do not depend on a run. */
export interface PageAssets {
  /** HTML with `{{name}}` where parts go. */
  readonly skeleton: string
  readonly style: string
  readonly script: string
}

/** Beside the compiled library, and where tests build it. */
const FOLDERS = ['../ui/', '../../ui/dist/ui/'] as const

let found: PageAssets | undefined

/**
 * Returns the compiled page.
 *
 * @throws LobtraderError ABSENT_FILE when it was never built
 */
export function readPageAssets(): PageAssets {
  for (const folder of FOLDERS) {
    found ??= readFrom(new URL(folder, import.meta.url))
  }
  if (found !== undefined) return found
  throw new LobtraderError('ABSENT_FILE', 'the report page is not built; run npm run build first')
}

function readFrom(folder: URL): PageAssets | undefined {
  const read = (name: string): string | undefined => {
    try {
      return readFileSync(new URL(name, folder), 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  }
  const skeleton = read('report.html')
  const style = read('report.css')
  const script = read('report.js')
  if (skeleton === undefined || style === undefined || script === undefined) return undefined
  return { skeleton, style, script }
}
