/** The instruments of an import, on finer size grids where the data need them. */
import type { Instrument } from '../../market/index.ts'
import { finerSizeWarning, withFinerLots, type FinerSize } from './finer-size.ts'
import type { PreparedImport } from './import-job.ts'

/** Holds the instruments of an import that may begin again. */
export class FinerGrids {
  instruments: readonly Instrument[]
  readonly #prepared: PreparedImport
  readonly #told = new Map<string, string>()

  constructor(prepared: PreparedImport) {
    this.#prepared = prepared
    this.instruments = prepared.instruments
  }

  /** What a user should read of the preparation and of the finer grids. */
  get warnings(): readonly string[] {
    return [...(this.#prepared.warnings ?? []), ...this.#told.values()]
  }

  /** Makes the size grid of the instrument finer. @throws DataError OFF_GRID */
  take(finer: FinerSize): void {
    const of = finer.symbol ?? this.instruments[0]!.symbol
    this.instruments = this.instruments.map((instrument) => {
      if (instrument.symbol !== of) return instrument
      const changed = withFinerLots(instrument, finer)
      this.#told.set(of, finerSizeWarning(changed, finer))
      return changed
    })
  }
}
