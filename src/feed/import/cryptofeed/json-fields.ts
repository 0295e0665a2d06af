/** Reads fields of venue messages; whatever is not as it should be is told with file and line. */
import { DataError, LobtraderError, type DataPlace } from '../../../core/index.ts'
import { instantNs } from '../../../time/index.ts'
import { placedError, shownText, shownValue } from '../field-error.ts'
import type { TextLevel } from './market-events.ts'

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>

const YEAR_2009_MS = 1_230_768_000_000
const YEAR_2100_MS = 4_102_444_800_000
const DIGITS = /^\d{1,16}$/
const SECONDS = /^(\d{10})(?:\.(\d{1,9}))?$/

/** Reads fields; all methods throw a `DataError` that names place, field and value. */
export class JsonFields {
  /** Unix ns of time 0. */
  epochNs = 0n
  readonly #place: () => DataPlace

  /** @param place file and line of the message at hand */
  constructor(place: () => DataPlace) {
    this.#place = place
  }

  /** @throws DataError BAD_JSON */
  parse(text: string): unknown {
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      const at = /position (\d+)/.exec((error as Error).message)?.[1]
      const where = at === undefined ? '' : ` from character ${at} on`
      throw new DataError(
        'BAD_JSON',
        `the message is no valid JSON${where}: ${shownText(text)}`,
        this.#place(),
      )
    }
  }

  object(value: unknown, field: string): Json {
    if (isObject(value)) return value
    throw this.bad(field, value, 'a JSON object')
  }

  array(value: unknown, field: string): readonly unknown[] {
    if (Array.isArray(value)) return value
    throw this.bad(field, value, 'an array')
  }

  /** A text that is not empty. */
  text(value: unknown, field: string): string {
    if (typeof value === 'string' && value !== '') return value
    throw this.bad(field, value, 'a text')
  }

  /** One of some words, in the case given. */
  word<Word extends string>(value: unknown, field: string, words: readonly Word[]): Word {
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    throw this.bad(field, value, words.map((word) => `"${word}"`).join(' or '))
  }

  /** A whole number, or its digits in quotes. */
  id(value: unknown, field: string): number {
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
    throw this.bad(field, value, 'a whole number from 0 to 2^53 - 1')
  }

  /** An {@link id}, -1 where the field is absent or -1 (in quotes or not). */
  optionalId(value: unknown, field: string): number {
    if (value === undefined || value === -1 || value === '-1') return -1
    return this.id(value, field)
  }

  /** Levels, each an array that begins with price and size in quotes. */
  levels(value: unknown, field: string): readonly TextLevel[] {
    const levels = this.array(value, field)
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i]
      const isLevel =
        Array.isArray(level) && typeof level[0] === 'string' && typeof level[1] === 'string'
      if (!isLevel) {
        throw this.bad(`${field}[${i}]`, level, 'an array of price and size, each in quotes')
      }
    }
    return levels as readonly TextLevel[]
  }

  /** Unix ms or microseconds (in quotes or not) in ns since the epoch. */
  unixTime(value: unknown, field: string): number {
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isSafeInteger(number)) {
      if (number >= YEAR_2009_MS && number < YEAR_2100_MS) {
        return this.#near((number - Number(this.epochNs / 1_000_000n)) * 1e6, field, value)
      }
      if (number >= YEAR_2009_MS * 1000 && number < YEAR_2100_MS * 1000) {
        return this.#near((number - Number(this.epochNs / 1000n)) * 1e3, field, value)
      }
    }
    throw this.bad(field, value, 'Unix milliseconds or microseconds between 2009 and 2100')
  }

  /** Unix seconds with decimals, in quotes, in ns since the epoch. */
  secondsTime(value: unknown, field: string): number {
    const match = typeof value === 'string' ? SECONDS.exec(value) : null
    if (match === null) throw this.bad(field, value, 'Unix seconds in quotes')
    const [, second = '', fraction = ''] = match
    const whole = Number(second) - Number(this.epochNs / 1_000_000_000n)
    return this.#near(whole * 1e9 + Number(fraction.padEnd(9, '0')), field, value)
  }

  /** An ISO 8601 instant in ns since the epoch. */
  isoTime(value: unknown, field: string): number {
    const text = this.text(value, field)
    try {
      return this.#near(Number(instantNs(text) - this.epochNs), field, value)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      throw placedError(error, { ...this.#place(), field, value: text.slice(0, 60) })
    }
  }

  /**
   * Times are numbers of ns since the epoch, exact within 104 days of it. What is older (a level or
   * a trade of a market that sleeps) has none, NaN; what is further ahead is a fault.
   */
  #near(time: number, field: string, value: unknown): number {
    if (Number.isSafeInteger(time)) return time
    if (time < 0) return Number.NaN
    throw this.bad(field, value, 'a time at most 104 days after the beginning of the capture')
  }

  /** Says that a field is not what was expected. */
  bad(field: string, value: unknown, expected: string): DataError {
    const shown = shownValue(value)
    return new DataError('BAD_FIELD', `expected ${expected}, was ${shown}`, {
      ...this.#place(),
      field,
      value: shown,
    })
  }
}

/** True for an object of JSON. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
