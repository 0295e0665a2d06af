/**
 * How well each queue model foretells the real queue:
 *
 *     npm run build && node scripts/run.mjs bench/real-queue.ts [--orders N] [--seed N] [--json]
 *         [--figure FILE.svg]
 *
 * Market-by-order data tell what became of every real resting order. Their levels alone, as a level
 * feed would have shown them, are then given to each queue model, which says when the order fills. The
 * exponents are fitted to other orders than those that are scored.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Prng } from 'lobtrader/core'
import { Instrument, type EventColumns } from 'lobtrader/market'
import { reliabilityFigure } from 'lobtrader/report'
import { openStore } from 'lobtrader/store'
import {
  PathStep,
  endSteps,
  fitExponentToSplits,
  fitQueueExponent,
  observeQueue,
  observeSplits,
  type NewQueueOrder,
  type QueueObservation,
} from 'lobtrader/venue'
import { hasCaptures, importCaptures } from './captures.ts'
import { scoreModel } from './queue-score.ts'
import { describe, type Answer, type View } from './queue-text.ts'

interface Source {
  readonly format: string
  readonly clock: 'exchange' | 'local'
  /** From when on the market trades continuously, ns since the epoch of the data. */
  readonly fromTime: number
}

const SOURCES: readonly Source[] = [
  // Globex opens at 23:00 UTC; before, the book is crossed.
  { format: 'dbn', clock: 'exchange', fromTime: 23 * 3600e9 + 1e9 },
  // Venue times are whole seconds. The book begins empty; an hour fills it.
  { format: 'bitstamp-l3', clock: 'local', fromTime: 3600e9 },
]

/** Levels with every message, and as rarely as venues that gather 100 ms show them. */
const VIEWS = [0, 100e6]
const MODELS = [
  'risk-averse',
  ...[
    'log-prob',
    'log-prob2',
    'power-prob:1',
    'power-prob:2',
    'power-prob:3',
    'power-prob2:3',
    'power-prob3:3',
  ].flatMap((name) => [name, `fair-${name}`]),
]
const FAMILIES = ['fair-power-prob', 'fair-power-prob2', 'fair-power-prob3'] as const
/** Orders that a fit is made from, at most. */
const FIT_ORDERS = 2000
/** Fewest orders that a fit is tried on. */
const FIT_ORDERS_MIN = 30
/** How long after its real end a model may still fill an order. */
const AFTER_END_NS = 900e9

/** True when something traded at or through an order's price while it waited behind others. */
function isTold(observation: QueueObservation): boolean {
  const { to } = endSteps(observation)
  const { step } = observation.path
  for (let i = 0; i < to; i++) {
    if (step[i] !== PathStep.Decrease) return observation.frontLots > 0
  }
  return false
}

const keyOf = ({ side, tick, frontLots, acceptTime }: NewQueueOrder): string =>
  `${side} ${tick} ${frontLots} ${acceptTime}`

/** Puts some into random order. */
function shuffled<T>(all: readonly T[], prng: Prng): T[] {
  const list = [...all]
  for (let i = list.length - 1; i > 0; i--) {
    const j = prng.nextInt(i + 1)
    const held = list[i]!
    list[i] = list[j]!
    list[j] = held
  }
  return list
}

function splitFits(events: EventColumns, source: Source, seed: number): Answer['splits'] {
  return [
    { where: 'at the best price', ticksFromBest: 0 },
    { where: 'anywhere', ticksFromBest: Number.POSITIVE_INFINITY },
  ].flatMap(({ where, ticksFromBest }) => {
    const splits = observeSplits(events, { ...source, ticksFromBest, seed })
    if (splits.length < FIT_ORDERS_MIN) return []
    return FAMILIES.map((family) => ({ where, ...fitExponentToSplits(splits, { family }) }))
  })
}

function view(
  events: EventColumns,
  source: Source,
  {
    scored,
    others,
    lotSize,
    showEveryNs,
  }: {
    readonly scored: ReadonlySet<string>
    readonly others: ReadonlySet<string>
    readonly lotSize: number
    readonly showEveryNs: number
  },
): View {
  const { clock, fromTime } = source
  const observe = (wanted: ReadonlySet<string>, afterEndNs: number): QueueObservation[] =>
    observeQueue(events, {
      clock,
      fromTime,
      showEveryNs,
      afterEndNs,
      isWanted: (order) => wanted.has(keyOf(order)),
    })
  // Few orders are fitted to as they are scored: there is nothing to hold back.
  const fitted = others.size >= FIT_ORDERS_MIN ? others : scored
  const learnt = observe(fitted, 0)
  const fits = FAMILIES.map((family) => fitQueueExponent(learnt, { family }))
  const known = fits.filter(({ isOpenBelow, isOpenAbove }) => !isOpenBelow && !isOpenAbove)
  const names = [...MODELS, ...known.map((fit) => `${fit.family}:${fit.exponent.toFixed(2)}`)]
  const observed = observe(scored, AFTER_END_NS)
  return { showEveryNs, fits, scores: names.map((name) => scoreModel(name, observed, lotSize)) }
}

function judge(
  name: string,
  { events, lotSize }: { readonly events: EventColumns; readonly lotSize: number },
  source: Source,
  { orders, seed }: { readonly orders: number; readonly seed: number },
): Answer {
  const { clock, fromTime } = source
  const all = observeQueue(events, { clock, fromTime })
  const told = shuffled(all.filter(isTold), new Prng(seed))
  const chosen = told.slice(0, orders)
  const scored = new Set(chosen.map(keyOf))
  const others = new Set(told.slice(orders, orders + FIT_ORDERS).map(keyOf))
  return {
    name,
    resting: all.length,
    filled: all.filter(({ isFilled }) => isFilled).length,
    told: told.length,
    scored: chosen.length,
    scoredFilled: chosen.filter(({ isFilled }) => isFilled).length,
    splits: splitFits(events, source, seed),
    views: VIEWS.map((showEveryNs) =>
      view(events, source, { scored, others, lotSize, showEveryNs }),
    ),
  }
}

/** The reliability of some models over the first of the data, levels shown with every message. */
function figure({ views }: Answer): string {
  const shown = new Set(['risk-averse', 'fair-power-prob:1', 'fair-power-prob:3', 'fair-log-prob2'])
  const { scores } = views[0]!
  const best = scores.filter(({ model }) => /^fair-power-prob[23]:\d+\.\d+$/.test(model))
  const chosen = [...scores.filter(({ model }) => shown.has(model)), ...best]
  return reliabilityFigure(chosen.map(({ model, reliability }) => ({ name: model, reliability })))
}

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    figure: { type: 'string' },
  },
})
const wrong = Object.entries({ orders: values.orders, seed: values.seed }).find(
  ([, text]) => !/^[1-9]\d{0,8}$/.test(text),
)

if (wrong !== undefined) {
  process.stderr.write(
    `real-queue: --${wrong[0]} must be a whole number above 0, was "${wrong[1]}"\n`,
  )
  process.exitCode = 2
} else if (!hasCaptures) {
  process.stderr.write('real-queue: skipped, no captures\n')
} else {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-queue-'))
  try {
    const answers: Answer[] = []
    for (const source of SOURCES) {
      const [made] = await importCaptures(dir, [source.format])
      const store = openStore(made!.store)
      const infos = store.partitions().filter(({ kind }) => kind === 'l3')
      const { lotSize } = new Instrument(infos[0]!.instrument)
      const data = { events: store.loadJoined(infos), lotSize }
      const choice = { orders: Number(values.orders), seed: Number(values.seed) }
      answers.push(judge(made!.name, data, source, choice))
    }
    if (values.figure !== undefined) writeFileSync(values.figure, figure(answers[0]!))
    process.stdout.write(
      values.json ? `${JSON.stringify(answers)}\n` : `${answers.map(describe).join('\n\n')}\n`,
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
