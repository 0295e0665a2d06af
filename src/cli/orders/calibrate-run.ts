/** `--calibrate`: which constant latency and queue exponent make the simulator do what the venue did. */
import { LobtraderError } from '../../core/index.ts'
import {
  calibrateOrders,
  pairedFates,
  type ActualOutcome,
  type CalibrationTask,
  type OrderCalibration,
  type OrderOutcome,
  type ScriptedOrder,
} from '../../engine/index.ts'
import type { EventTape } from '../../market/index.ts'
import { durationNs, formatDuration } from '../../time/index.ts'
import {
  POWER_FAMILIES,
  constantLatency,
  fitQueueExponent,
  observeOrders,
  parseQueueModel,
  type LatencyModel,
  type QueueModel,
} from '../../venue/index.ts'
import type { Terminal } from '../terminal.ts'

/** The constant latency and the queue model that a calibration starts from. */
export interface CalibrationStart {
  readonly entryNs: number
  readonly responseNs: number
  /** `power-prob` of `power-prob:3`; undefined for a model without an exponent. */
  readonly family: string | undefined
  readonly exponent: number | undefined
  readonly queue: string | undefined
}

/** A calibration in the words of the command line. */
export interface Calibrated extends OrderCalibration {
  /** What to give to `--latency` and `--queue`; the latter undefined where it has no part. */
  readonly latency: string
  readonly queue: string | undefined
}

/**
 * Reads where a calibration starts.
 *
 * @param queue undefined for an exchange that knows every order and needs no model
 * @throws LobtraderError BAD_ARGUMENT when the latency is not constant
 */
export function calibrationStart(latency: string, queue: string | undefined): CalibrationStart {
  const parts = latency.split(',')
  if (parts.length !== 2 || parts.some((part) => /[(:]/.test(part))) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--calibrate fits a constant latency and must start from one, such as --latency 5ms,5ms; it was ${latency}`,
      { value: latency },
    )
  }
  const [entryNs, responseNs] = parts.map((part) => durationNs(part.trim()))
  const [family, exponent] = queue?.split(':') ?? []
  return {
    entryNs: entryNs!,
    responseNs: responseNs!,
    family: exponent === undefined ? undefined : family!,
    exponent: exponent === undefined ? undefined : Number(exponent),
    queue,
  }
}

/**
 * Fits latency and exponent; answers travel as much longer or shorter as requests do.
 *
 * @param simulate sends the orders through the simulator
 */
export async function calibrate(
  start: CalibrationStart,
  given: {
    readonly actual: ReadonlyMap<number, ActualOutcome>
    readonly seed: number
    readonly terminal: Terminal
    /** What was sent, and into what. */
    readonly orders: readonly ScriptedOrder[]
    readonly tape: EventTape
    readonly simulate: (
      latency: LatencyModel,
      queue: QueueModel | undefined,
    ) => Promise<readonly OrderOutcome[]>
  },
): Promise<Calibrated> {
  const { terminal } = given
  const responseOf = (entryNs: number): number =>
    start.entryNs === 0
      ? start.responseNs
      : Math.round((start.responseNs / start.entryNs) * entryNs)
  const queueOf = (exponent: number | undefined): string | undefined =>
    exponent === undefined ? start.queue : `${start.family}:${exponent}`
  let runs = 0
  const found = await calibrateOrders({
    start: { entryNs: start.entryNs, exponent: start.exponent },
    actual: given.actual,
    seed: given.seed,
    ...likelihoodOf(start, given),
    simulate: async ({ entryNs, exponent }) => {
      const queue = queueOf(exponent)
      if (terminal.isWatched) {
        terminal.err(
          `\r\u001b[Kcalibrating: run ${++runs}, entry ${formatDuration(entryNs)}${queue === undefined ? '' : `, ${queue}`}`,
        )
      }
      const latency = constantLatency({ entry: entryNs, response: responseOf(entryNs) })
      return await given.simulate(latency, queue === undefined ? undefined : parseQueueModel(queue))
    },
  })
  if (terminal.isWatched) terminal.err('\r\u001b[K')
  const { entryNs, exponent } = found.setting
  return {
    ...found,
    latency: `${durationText(entryNs)},${durationText(responseOf(entryNs))}`,
    queue: queueOf(exponent),
  }
}

/** The fit of the exponent by likelihood, for families that have one. */
function likelihoodOf(
  start: CalibrationStart,
  { orders, tape }: { readonly orders: readonly ScriptedOrder[]; readonly tape: EventTape },
): Pick<CalibrationTask, 'likelihood'> {
  const family = POWER_FAMILIES.find((name) => name === start.family)
  if (family === undefined) return {}
  const byId = new Map(orders.map((order) => [order.id, order]))
  const { epochNs } = tape
  return {
    likelihood: ({ entryNs }, pairs) => {
      const observed = observeOrders(tape, pairedFates(pairs, byId, { entryNs, epochNs }))
      try {
        return fitQueueExponent(observed, { family })
      } catch (error) {
        if (error instanceof LobtraderError && error.code === 'TOO_FEW_ROWS') return undefined
        throw error
      }
    },
  }
}

/** A duration that is read back as it is. */
function durationText(ns: number): string {
  const short = formatDuration(ns)
  return /^[\d.]+[a-z]+$/.test(short) && durationNs(short) === ns ? short : `${ns}ns`
}
