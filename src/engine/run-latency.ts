/** How the messages of a strategy travel to each venue. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import type { EventTape, Instrument } from '../market/index.ts'
import { eventRate, type LatencyModel } from '../venue/index.ts'
import { instrumentKey } from './instrument-key.ts'

/** Latency models by venue, symbol, or `venue:symbol`; the last counts most, the first least. */
export type LatencyByVenue = Readonly<Record<string, LatencyModel>>

/** Where in a run a latency model works. */
export interface LatencyPlace {
  readonly seed: number
  /** Tells the draws of one instrument from those of another; 0 where there is only one. */
  readonly stream: number
  readonly tape: EventTape
}

/** Returns the model with the draws and the market of a run. */
export function latencyOfRun(
  model: LatencyModel,
  { seed, stream, tape }: LatencyPlace,
): LatencyModel {
  if (model.forRun === undefined) return model
  return model.forRun({
    seed,
    stream,
    epochNs: tape.epochNs,
    eventRate: (windowNs) => eventRate(tape, windowNs),
  })
}

/** Returns the model for an instrument; `otherwise` where none of `own` names it. */
export function latencyFor(
  instrument: Instrument,
  own: LatencyByVenue | undefined,
  otherwise: LatencyModel,
): LatencyModel {
  if (own === undefined) return otherwise
  const { venue, symbol } = instrument
  return own[instrumentKey(instrument)] ?? own[symbol] ?? own[venue] ?? otherwise
}

/**
 * Checks that each name is that of an instrument or a venue of the run.
 *
 * @throws LobtraderError BAD_ARGUMENT with the nearest name
 */
export function checkLatencyNames(
  strategy: string,
  own: LatencyByVenue | undefined,
  instruments: readonly Instrument[],
): void {
  const names = [
    ...new Set(instruments.flatMap((each) => [each.symbol, each.venue, instrumentKey(each)])),
  ]
  for (const name of Object.keys(own ?? {})) {
    if (names.includes(name)) continue
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `the latency of ${strategy} names "${name}", which is no venue or symbol of the run${didYouMean(name, names)}`,
      { value: name },
    )
  }
}
