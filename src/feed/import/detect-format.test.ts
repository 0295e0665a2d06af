/** Every sample is told as what it is, by its content, and nothing else is. */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TestFolder, failureOf } from '../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import * as bitstamp from '../../../test/format-samples/bitstamp-l3.ts'
import * as dbn from '../../../test/format-samples/dbn.ts'
import * as itch from '../../../test/format-samples/itch50.ts'
import { detectFormat } from './detect-format.ts'
import { FORMATS } from './formats.ts'

const folder = new TestFolder()

it.each([
  ['dbn', dbn.sampleFiles()],
  ['itch50', itch.sampleFiles()],
  ['bitstamp-l3', bitstamp.sampleFiles()],
])('made files of %s are told by content, whatever they are called', async (format, samples) => {
  for (const [i, { bytes }] of samples.entries()) {
    const path = folder.write(`${format}-${i}.dat`, bytes)
    expect((await detectFormat([path])).name).toBe(format)
  }
})

it('nothing is told of bytes that are no capture', async () => {
  for (const content of ['hello, world\n', '\0\0\0\0\0\0\0\0', 'DBNX', '{}']) {
    const path = folder.write('anything.dat', content)
    const error = await failureOf(detectFormat([path]))
    expect(error.code).toBe('UNKNOWN_FORMAT')
  }
})

/** Folders of the samples, and what begins the names of their files. */
const SAMPLES: readonly (readonly [format: string, folder: string, name: RegExp])[] = [
  ['binance', 'binance', /\.gz$/],
  ['lobster', 'lobster', /_(message|orderbook)_/],
  ['itch50', 'nasdaq_itch', /TEST_ITCH/],
  ['dbn', 'databento', /\.dbn\.zst$/],
  ['bitstamp-l3', 'bitstamp_l3', /_(raw\.log|orders\.csv)/],
]

describeWithData('the samples', () => {
  it.each(SAMPLES)('of %s are told by their content', async (format, name, pattern) => {
    const files = readdirSync(sharedPath(`data/${name}`)).filter((file) => pattern.test(file))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      expect((await detectFormat([sharedPath(`data/${name}/${file}`)])).name).toBe(format)
    }
  })
})

it('every format has a name of its own', () => {
  expect(new Set(FORMATS.map(({ name }) => name)).size).toBe(FORMATS.length)
})
