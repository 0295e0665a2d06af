/** Latency models made of one delay for each way. */
import type { Duration } from '../../time/index.ts'
import type { LatencyModel, LatencyRun, RequestKind } from '../latency-model.ts'
import { delayOf, type Delay } from './delay.ts'
import { EventRate } from './event-rate.ts'

/** A delay, or a duration that is always the same. */
export type DelayLike = Delay | Duration | string

/** Delays of both ways. */
export interface SampledLatencyOptions {
  /** From us to the exchange. */
  readonly entry: DelayLike
  /** From the exchange to us. */
  readonly response: DelayLike
}

/** Delays to the exchange by what a request asks, and one of its answers. */
export interface PerRequestLatencyOptions {
  readonly submit: DelayLike
  readonly cancel: DelayLike
  /** Default: as `submit`. */
  readonly amend?: DelayLike | undefined
  readonly response: DelayLike
}

/** Streams of the draws: the three entries and the response share none. */
const RESPONSE_STREAM = 3
const ENTRY_STREAMS: Readonly<Record<RequestKind, number>> = { submit: 0, cancel: 1, amend: 2 }

/** What a model that no run has begun goes by. */
const NO_RUN: LatencyRun = {
  seed: 0,
  stream: 0,
  epochNs: 0n,
  eventRate: (windowNs) => new EventRate(windowNs, 0, new Uint32Array(0)),
}

/**
 * Each way drawn from its own delay, seeded by the run.
 *
 * @throws LobtraderError BAD_DURATION
 */
export function sampledLatency({ entry, response }: SampledLatencyOptions): LatencyModel {
  const there = delayOf(entry)
  const back = delayOf(response)
  return delayLatency(`${there.name} to the exchange, ${back.name} back`, (run) => {
    const entryAt = there.begin(run, ENTRY_STREAMS.submit)
    return { entryAt: () => entryAt, responseAt: back.begin(run, RESPONSE_STREAM) }
  })
}

/**
 * New orders, cancels and amendments each with a delay of their own. They still go one behind the
 * other: a fast cancel waits for the slow order that was sent before it.
 *
 * @throws LobtraderError BAD_DURATION
 */
export function perRequestLatency(options: PerRequestLatencyOptions): LatencyModel {
  const delays: Readonly<Record<RequestKind, Delay>> = {
    submit: delayOf(options.submit),
    cancel: delayOf(options.cancel),
    amend: delayOf(options.amend ?? options.submit),
  }
  const back = delayOf(options.response)
  const { submit, cancel, amend } = delays
  const name = `kinds(submit=${submit.name},cancel=${cancel.name},amend=${amend.name}) to the exchange, ${back.name} back`
  return delayLatency(name, (run) => {
    const ways = {
      submit: submit.begin(run, ENTRY_STREAMS.submit),
      cancel: cancel.begin(run, ENTRY_STREAMS.cancel),
      amend: amend.begin(run, ENTRY_STREAMS.amend),
    }
    return { entryAt: (kind) => ways[kind], responseAt: back.begin(run, RESPONSE_STREAM) }
  })
}

interface Ways {
  readonly entryAt: (kind: RequestKind) => (time: number) => number
  readonly responseAt: (time: number) => number
}

function delayLatency(name: string, begin: (run: LatencyRun) => Ways): LatencyModel {
  const forRun = (run: LatencyRun): LatencyModel => {
    const { entryAt, responseAt } = begin(run)
    return {
      name,
      entryNs: (localTime, kind) => entryAt(kind)(localTime),
      responseNs: responseAt,
      forRun,
    }
  }
  return forRun(NO_RUN)
}
