/**
 * Builds the report page: one script with everything it needs, one style sheet, one skeleton.
 * Run alone, `node scripts/build-ui.mjs DIR` builds it into `DIR/ui`.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Pages that are drawn once, as SVG, each with a style of its own behind the shared ones. */
const DRAWN = ['quality', 'sweep']
const NAMES = [
  'report.js',
  'report.css',
  'report.html',
  ...DRAWN.flatMap((name) => [`${name}.css`, `${name}.html`]),
]

/**
 * Builds the pages, of a run, of a check of data and of a sweep, into `<outDir>/ui`. Files are renamed
 * into place, so that two builds at once do no harm.
 */
export async function buildUi(outDir) {
  const folder = `${outDir}/ui`
  const aside = `${outDir}/ui-${process.pid}`
  mkdirSync(folder, { recursive: true })
  mkdirSync(aside, { recursive: true })
  try {
    await bundle(`${aside}/report.js`)
    const foreign = readFileSync(`${root}node_modules/uplot/dist/uPlot.min.css`, 'utf8')
    const own = readFileSync(`${root}ui/report.css`, 'utf8')
    writeFileSync(`${aside}/report.css`, `${foreign.trim()}\n${own}`)
    const drawing = readFileSync(`${root}ui/drawing.css`, 'utf8')
    for (const name of DRAWN) {
      const style = readFileSync(`${root}ui/${name}.css`, 'utf8')
      writeFileSync(`${aside}/${name}.css`, `${own}\n${drawing}\n${style}`)
      copyFileSync(`${root}ui/${name}.html`, `${aside}/${name}.html`)
    }
    copyFileSync(`${root}ui/report.html`, `${aside}/report.html`)
    for (const name of NAMES) {
      renameSync(`${aside}/${name}`, `${folder}/${name}`)
    }
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

const LICENCE =
  '/*! With uPlot, (c) Leon Sorokin, MIT licence: https://github.com/leeoniya/uPlot */'

async function bundle(file) {
  const build = await rolldown({
    input: `${root}ui/report.ts`,
    platform: 'browser',
    tsconfig: `${root}ui/tsconfig.json`,
  })
  await build.write({ file, format: 'iife', minify: true, postBanner: LICENCE })
  await build.close()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildUi(process.argv[2])
