/** Latency models from text. */
import {
  LobtraderError,
  didYouMean,
  readCall,
  splitOutside,
  type CallText,
} from '../../core/index.ts'
import { constantLatency, type LatencyModel } from '../latency-model.ts'
import { delayOf, type Delay } from './delay.ts'
import { perRequestLatency, sampledLatency } from './delay-latency.ts'
import { loadDelay } from './load-delay.ts'
import { recordedLatencyCsv } from './recorded-csv.ts'
import { gammaDelay, lognormalDelay, quantileDelay, type DelayQuantile } from './sampled-delay.ts'

/** The forms that {@link parseLatency} takes, for the help of commands. */
export const LATENCY_FORMS =
  'expected entry,response such as 1ms,1ms or lognormal(median=1ms,sigma=0.5),gamma(shape=2,scale=300us), or recorded:FILE.csv'

const RECORDED = 'recorded:'
const WAYS = ['lognormal', 'gamma', 'quantiles', 'load', 'kinds']
const BOUNDS: readonly string[] = ['min', 'max']

/**
 * Reads a latency model: `ENTRY,RESPONSE` or `recorded:FILE.csv`. Each way is a duration or one of
 *
 * - `lognormal(median=1ms,sigma=0.5)`, `lognormal(mean=1ms,sigma=0.5)`,
 *   `lognormal(median=1ms,p99=5ms)`
 * - `gamma(shape=2,scale=300us)`
 * - `quantiles(p0=400us,p50=1ms,p99=5ms,p100=20ms)`
 * - `load(WAY,per1000=100us,window=1s)`, `load(WAY,p50=1,p99=5,window=1s)`
 * - as entry also `kinds(submit=WAY,cancel=WAY,amend=WAY)`
 *
 * the first three with `min=` and `max=` where wanted.
 *
 * @param readFile returns the text of a file that `recorded:` names
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 * @throws DataError as {@link recordedLatencyCsv}
 */
export function parseLatency(text: string, readFile?: (path: string) => string): LatencyModel {
  if (text.startsWith(RECORDED)) {
    const path = text.slice(RECORDED.length)
    if (path === '') throw bad(text, `"${text}" names no file; ${LATENCY_FORMS}`)
    if (readFile === undefined)
      throw bad(text, 'recorded latencies cannot be read from a file here')
    return recordedLatencyCsv(readFile(path), path)
  }
  const ways = splitOutside(text)
  const [entry, response] = ways
  if (ways.length !== 2 || entry === undefined || response === undefined) {
    throw bad(text, `"${text}" is not a latency; ${LATENCY_FORMS}`)
  }
  if (!/[()]/.test(text)) return constantLatency({ entry, response })
  const kinds = readCall(entry)
  if (kinds?.name !== 'kinds') {
    return sampledLatency({ entry: parseDelay(entry), response: parseDelay(response) })
  }
  const { submit, cancel, amend } = known(kinds, ['submit', 'cancel', 'amend'])
  if (kinds.parts.length > 0 || submit === undefined || cancel === undefined) {
    throw bad(entry, `"${entry}" must name submit= and cancel=, and may name amend=`)
  }
  return perRequestLatency({
    submit: parseDelay(submit),
    cancel: parseDelay(cancel),
    amend: amend === undefined ? undefined : parseDelay(amend),
    response: parseDelay(response),
  })
}

/**
 * Reads one way of {@link parseLatency}.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function parseDelay(text: string): Delay {
  const call = readCall(text)
  if (call === undefined) {
    if (/[()]/.test(text)) throw bad(text, `"${text}" is not a delay; ${LATENCY_FORMS}`)
    return delayOf(text)
  }
  const { name, parts } = call
  if (parts.length > (name === 'load' ? 1 : 0)) {
    throw bad(text, `"${parts.at(-1)}" in "${text}" has no key such as min=`)
  }
  switch (name) {
    case 'lognormal': {
      const { quantiles, ...rest } = known(
        call,
        ['median', 'mean', 'sigma', ...BOUNDS],
        'quantiles',
      )
      if (quantiles.length > 1) throw bad(text, `"${text}" names more than one second quantile`)
      const sigma = rest['sigma'] === undefined ? undefined : numberOf(text, 'sigma', rest['sigma'])
      return lognormalDelay({ ...rest, sigma, quantile: quantiles[0] })
    }
    case 'gamma': {
      const { shape, scale, ...bounds } = known(call, ['shape', 'scale', ...BOUNDS])
      if (shape === undefined || scale === undefined) {
        throw bad(text, `"${text}" must name shape= and scale=`)
      }
      return gammaDelay({ ...bounds, shape: numberOf(text, 'shape', shape), scale })
    }
    case 'quantiles': {
      const { quantiles, ...bounds } = known(call, BOUNDS, 'quantiles')
      return quantileDelay(quantiles, bounds)
    }
    case 'load':
      return readLoad(call)
    default: {
      const hint = name === 'kinds' ? '; kinds stands for the entry alone' : didYouMean(name, WAYS)
      throw bad(text, `"${name}" is not a delay${hint} (${LATENCY_FORMS})`)
    }
  }
}

function readLoad(call: CallText): Delay {
  const { text } = call
  const [base] = call.parts
  if (base === undefined)
    throw bad(text, `"${text}" must begin with the delay that load slows down`)
  const { quantiles, per1000, window } = known(call, ['per1000', 'window'], 'quantiles')
  return loadDelay(parseDelay(base), {
    window,
    per1000,
    factors:
      quantiles.length === 0
        ? undefined
        : quantiles.map(([rank, factor]) => [rank, numberOf(text, 'factor', String(factor))]),
  })
}

type Known = Readonly<Partial<Record<string, string>>>

/** The options of a call by name; with `quantiles`, those of the form `p99.9=` on their own. */
function known(call: CallText, keys: readonly string[]): Known
function known(
  call: CallText,
  keys: readonly string[],
  quantiles: 'quantiles',
): Known & { readonly quantiles: readonly DelayQuantile[] }
function known({ text, options }: CallText, keys: readonly string[], takes?: 'quantiles'): unknown {
  const found: Record<string, string> = {}
  const quantiles: DelayQuantile[] = []
  for (const [name, value] of options) {
    const share = /^p(\d+(?:\.\d+)?)$/.exec(name)
    if (share !== null && takes !== undefined) quantiles.push([Number(share[1]) / 100, value])
    else if (keys.includes(name)) found[name] = value
    else {
      const all = takes === undefined ? keys : [...keys, 'p99']
      throw bad(text, `"${name}" is unknown in "${text}"; expected ${all.join(', ')}`)
    }
  }
  return takes === undefined ? found : { ...found, quantiles }
}

function numberOf(text: string, key: string, value: string): number {
  if (/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) return Number(value)
  throw bad(text, `the ${key} "${value}" in "${text}" is not a number, 0 or more`)
}

function bad(value: string, message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message, { value })
}
