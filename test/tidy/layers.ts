/** The import table of the source tree: which folder may see which. */
import type { SourceModule } from './source-module.ts'

/** Folders of `src` and the other folders that each may import. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = (() => {
  const base = ['core', 'time', 'market']
  const data = [...base, 'book', 'store']
  const engine = [...data, 'study', 'feed', 'order', 'venue']
  const strategy = [...base, 'book', 'study', 'order', 'engine']
  const live = [...strategy, 'feed', 'store']
  const all = [...engine, 'engine', 'strategy', 'live']
  return {
    core: [],
    time: ['core'],
    market: ['core', 'time'],
    book: base,
    store: base,
    study: data,
    feed: data,
    order: [...base, 'store'],
    venue: [...base, 'book', 'order'],
    engine,
    strategy,
    live,
    report: all,
    cli: [...all, 'report'],
  }
})()

/** Folders that compute: they reach neither files, network nor processes. */
const PURE_FOLDERS = new Set(['core', 'market', 'book', 'study', 'order', 'venue', 'strategy'])

/** The one file that is every folder's public surface. */
const SURFACE = 'index.ts'

const folderOf = (path: string): string => path.split('/')[1] ?? ''
const isRootModule = (path: string): boolean => path.split('/').length === 2

/** Returns one sentence for each import that the table forbids. */
export function layerViolations(modules: readonly SourceModule[]): string[] {
  return modules
    .filter((module) => module.path.startsWith('src/') && !module.isTest)
    .flatMap((module) => module.imports.flatMap((target) => judge(module.path, target) ?? []))
}

function judge(from: string, target: string): string | undefined {
  const folder = folderOf(from)
  if (target.startsWith('node:')) {
    return PURE_FOLDERS.has(folder)
      ? `${from} imports ${target}: ${folder} computes and must not reach the machine`
      : undefined
  }
  if (!target.startsWith('src/')) return undefined
  if (isRootModule(from)) {
    return folderOf(target) === 'cli'
      ? `${from} imports ${target}: the library has no command line`
      : undefined
  }
  if (LAYERS[folder] === undefined) return `${from} lies in folder ${folder}, which has no layer`
  const other = folderOf(target)
  if (isRootModule(target)) return `${from} imports ${target}: the public surface is for users only`
  if (other === folder) {
    return target === `src/${folder}/${SURFACE}`
      ? `${from} imports its own ${SURFACE}: import the file`
      : undefined
  }
  if (!LAYERS[folder].includes(other))
    return `${from} imports ${target}: ${folder} may not see ${other}`
  if (target !== `src/${other}/${SURFACE}`) {
    return `${from} imports ${target}: go through src/${other}/${SURFACE}`
  }
  return undefined
}

/** Returns each import cycle between files, as the files along it. */
export function importCycles(modules: readonly SourceModule[]): string[] {
  const imports = new Map(modules.map((module) => [module.path, module.imports]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' -> '))
      return
    }
    if (done.has(path)) return
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of imports.keys()) visit(path, [])
  return cycles
}
