/** All figures of one instrument, in groups. */
import type { SymbolQuality } from '../../feed/index.ts'
import { html, type Html } from '../html.ts'
import { groupedText, percentText, spanText, typeset } from '../number-text.ts'

type Pairs = readonly (readonly [label: string, value: string])[]

const count = (value: number): string => groupedText(value, 0)
const share = (value: number): string => percentText(value, 3)

/** Returns the figures as tables. */
export function qualityFigures(symbol: SymbolQuality): Html {
  const groups: readonly (readonly [string, Pairs])[] = [
    ['Book', bookPairs(symbol)],
    ['Sequence', sequencePairs(symbol)],
    ['Trades', tradePairs(symbol)],
    ['Clock', clockPairs(symbol)],
  ]
  return html`${groups.map(
    ([title, pairs]) =>
      html`<table class="pairs">
        <caption>
          ${title}
        </caption>
        <tbody>
          ${pairs.map(
            ([label, value]) =>
              html`<tr>
                <th scope="row">${label}</th>
                <td>${typeset(value)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  )}`
}

function bookPairs({ facts: { coverage, levels } }: SymbolQuality): Pairs {
  return [
    ['Live', share(coverage.live)],
    ['Locked', share(coverage.locked)],
    ['Crossed', share(coverage.crossed)],
    ['Stale', share(coverage.stale)],
    ['Halted', share(coverage.halted)],
    ['Without a side or snapshot', share(coverage.partial)],
    [
      'Levels, mean',
      levels === null ? '-' : `${count(levels.bids)} bids, ${count(levels.asks)} asks`,
    ],
  ]
}

function sequencePairs({ facts, ...figures }: SymbolQuality): Pairs {
  const { disorder } = facts
  return [
    ['Gaps', `${count(figures.gaps)}, ${count(facts.openGaps)} without a snapshot behind`],
    ['Came twice', count(figures.duplicates)],
    ['Out of order', count(figures.reordered)],
    [
      'Venue time goes back',
      `${count(disorder.count)} times, at most ${spanText(disorder.largestNs)}`,
    ],
    ['Order messages that do not fit', count(facts.orderFaults)],
  ]
}

function tradePairs({ facts, offTick }: SymbolQuality): Pairs {
  return [
    ['Trades', count(facts.trades)],
    ['Twice', count(facts.duplicateTrades)],
    ['Ids missing', count(facts.missingTrades)],
    [
      'Far outside the best prices',
      `${count(facts.outsideTrades)} of ${count(facts.judgedTrades)}`,
    ],
    ['Sizes of 0', count(facts.zeroSizes)],
    ['Prices off the tick', `${count(offTick)} (tick ${facts.tick})`],
  ]
}

function clockPairs({ facts: { latency, drift }, clockDriftPpm }: SymbolQuality): Pairs {
  if (latency === undefined) return [['Latency', 'not told: the data have one time']]
  return [
    ['Least', spanText(latency.min)],
    ['p1', spanText(latency.p1)],
    ['Median', spanText(latency.p50)],
    ['p90', spanText(latency.p90)],
    ['p99', spanText(latency.p99)],
    ['Largest', spanText(latency.max)],
    ['Negative', `${count(latency.negative)} of ${count(latency.messages)}`],
    ['Drift', `${clockDriftPpm} us a second, ${spanText(drift.movedNs)} in all`],
  ]
}
