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

/** The parts of a page without a script that do not depend on what it shows. */
export interface DrawnAssets {
  readonly skeleton: string
  readonly style: string
}

let report: PageAssets | undefined
const drawn = new Map<DrawnPage, DrawnAssets>()

/**
 * Returns the compiled page of a run.
 *
 * @throws LobtraderError ABSENT_FILE when it was never built
 */
export function readPageAssets(): PageAssets {
  if (report === undefined) {
    const [skeleton, style, script] = readFiles('report.html', 'report.css', 'report.js')
    report = { skeleton, style, script }
  }
  return report
}

/** Pages without a script: of a check of data, of a sweep. */
export type DrawnPage = 'quality' | 'sweep'

/**
 * Returns the skeleton and the style of a page without a script.
 *
 * @throws LobtraderError ABSENT_FILE when it was never built
 */
export function readDrawnAssets(page: DrawnPage): DrawnAssets {
  const known = drawn.get(page)
  if (known !== undefined) return known
  const [skeleton, style] = readFiles(`${page}.html`, `${page}.css`)
  const assets = { skeleton, style }
  drawn.set(page, assets)
  return assets
}

type Texts<Names extends readonly string[]> = { [Index in keyof Names]: string }

function readFiles<const Names extends readonly string[]>(...names: Names): Texts<Names> {
  for (const folder of FOLDERS) {
    const texts = names.map((name) => readFrom(new URL(folder + name, import.meta.url)))
    if (texts.every((text) => text !== undefined)) return texts as Texts<Names>
  }
  throw new LobtraderError('ABSENT_FILE', 'the report page is not built; run npm run build first')
}

function readFrom(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
