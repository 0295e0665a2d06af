/** What a module of samples gives; `sampleFiles` is its own. */
import type { InstrumentSpec } from '../../src/market/index.ts'

/** One file of a format. */
export interface SampleFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** How the samples of a format are imported, where it is not by their names alone. */
export interface SampleSettings {
  /** True where all files are one input, as the pair of LOBSTER is. */
  readonly together?: boolean
  readonly instrument?: InstrumentSpec
  /** Further options of an import. */
  readonly options?: Readonly<Record<string, unknown>>
}
