/** Fees as text: `maker=-0.5bps,taker=7bps`, `per-share=0.0035,min=0.35,max=1%,sell=0.278bps`. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import { makerTakerFees, sumOfFees, type FeeModel } from './fee-model.ts'
import { ruleFees, type FeeRule, type OrderBounds } from './fee-rules.ts'
import { parseFeeTiers } from './fee-tiers.ts'

/** What each word of the text takes. */
const WORDS = {
  maker: 'bps',
  taker: 'bps',
  buy: 'bps',
  sell: 'bps',
  'per-share': 'amount',
  'per-contract': 'amount',
  'maker-per-share': 'amount',
  'taker-per-share': 'amount',
  'maker-per-contract': 'amount',
  'taker-per-contract': 'amount',
  'buy-per-share': 'amount',
  'sell-per-share': 'amount',
  flat: 'amount',
  min: 'amount',
  max: 'amount or share',
  tiers: 'file',
} as const

type Word = keyof typeof WORDS

/** What each kind of value looks like, for messages. */
const EXPECTED = {
  bps: 'a rate in basis points such as -0.5bps',
  amount: 'an amount of money such as 0.35',
  'amount or share': 'an amount such as 5.95, or a share of the traded value such as 1%',
  file: 'a JSON file',
} as const

/**
 * Reads fees from text: parts with commas between them, which are charged together.
 *
 * `maker=RATEbps,taker=RATEbps` on the traded value; `buy=RATEbps`, `sell=RATEbps` on one side
 * only; `per-share=AMOUNT` or `per-contract=AMOUNT`, with `min=AMOUNT` and `max=AMOUNT` or
 * `max=SHARE%` for each order, and by `maker-`, `taker-`, `buy-`, `sell-` in front for some fills
 * only; `flat=AMOUNT` for each fill; `tiers=FILE.json`, see `FeeTierTable`.
 *
 * @param readFile gives the text of a file; without it there are no tiers
 * @throws LobtraderError BAD_ARGUMENT, BAD_JSON, or what `readFile` throws
 */
export function parseFees(text: string, readFile?: (path: string) => string): FeeModel {
  const words = wordsOf(text)
  const models: FeeModel[] = []
  if (words.has('maker') || words.has('taker')) models.push(makerTaker(words, text))
  const tiers = words.get('tiers')
  if (tiers !== undefined) {
    if (readFile === undefined)
      throw badFees(text, 'tiers are read from files, which is not possible here')
    models.push(parseFeeTiers(readFile(tiers), tiers))
  }
  const rules = [...words].flatMap(([word, value]) => ruleOf(word, value, words) ?? [])
  if (rules.length > 0) models.push(ruleFees(rules))
  const bounded = words.has('per-share') || words.has('per-contract')
  if (!bounded && (words.has('min') || words.has('max'))) {
    throw badFees(text, 'min and max are bounds of per-share or per-contract')
  }
  return models.length === 1 ? models[0]! : sumOfFees(models)
}

function wordsOf(text: string): ReadonlyMap<Word, string> {
  const words = new Map<Word, string>()
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(0, at)).trim()
    if (!isWord(name)) {
      const known = Object.keys(WORDS)
      throw badFees(
        text,
        `"${part.trim()}" is none of ${known.join(', ')} with = behind it${didYouMean(name || part.trim(), known)}; expected such as maker=-0.5bps,taker=7bps`,
      )
    }
    if (words.has(name)) throw badFees(text, `${name} stands there twice`)
    const value = part.slice(at + 1).trim()
    if (!looksLike(WORDS[name], value)) {
      throw badFees(text, `${name} expects ${EXPECTED[WORDS[name]]}, was "${value}"`)
    }
    words.set(name, value)
  }
  if (words.has('per-share') && words.has('per-contract')) {
    throw badFees(text, 'give per-share or per-contract, which mean the same, not both')
  }
  return words
}

function isWord(name: string): name is Word {
  return Object.hasOwn(WORDS, name)
}

function looksLike(kind: (typeof WORDS)[Word], value: string): boolean {
  if (kind === 'file') return value !== ''
  if (kind === 'bps') return /^-?\d+(?:\.\d+)?bps$/.test(value)
  return kind === 'amount' ? /^-?\d+(?:\.\d+)?$/.test(value) : /^\d+(?:\.\d+)?%?$/.test(value)
}

function makerTaker(words: ReadonlyMap<Word, string>, text: string): FeeModel {
  const maker = words.get('maker')
  const taker = words.get('taker')
  if (maker === undefined || taker === undefined) {
    throw badFees(text, 'must name both maker and taker')
  }
  return makerTakerFees({ makerBps: Number.parseFloat(maker), takerBps: Number.parseFloat(taker) })
}

/** The rule of a word; undefined where another part of the text takes care of it. */
function ruleOf(word: Word, value: string, words: ReadonlyMap<Word, string>): FeeRule | undefined {
  const rate = Number.parseFloat(value)
  if (word === 'buy' || word === 'sell') return { per: 'value', rate, side: word }
  if (word === 'flat') return { per: 'fill', rate }
  if (word === 'per-share' || word === 'per-contract') {
    const order = boundsOf(words)
    return { per: 'unit', rate, ...(order === undefined ? {} : { order }) }
  }
  const [who, per] = word.split('-')
  if (per === undefined) return undefined
  if (who === 'maker' || who === 'taker') return { per: 'unit', rate, liquidity: who }
  return { per: 'unit', rate, side: who === 'buy' ? 'buy' : 'sell' }
}

function boundsOf(words: ReadonlyMap<Word, string>): OrderBounds | undefined {
  const min = words.get('min')
  const max = words.get('max')
  if (min === undefined && max === undefined) return undefined
  const most = max === undefined ? undefined : Number.parseFloat(max)
  return {
    ...(min === undefined ? {} : { min: Number(min) }),
    ...(most === undefined ? {} : max!.endsWith('%') ? { maxShare: most / 100 } : { max: most }),
  }
}

function badFees(text: string, why: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `fees "${text}": ${why}`, { value: text })
}
