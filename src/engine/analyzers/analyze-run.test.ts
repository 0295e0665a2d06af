import { describe, expect, test } from 'vitest'
import { INVERSE, LINEAR, handRun } from '../../../test/run-record-fixture.ts'
import { sessionRun } from '../../../test/session-fixture.ts'
import { analyzeRun } from './analyze-run.ts'
import { Analyzer } from './analyzer.ts'
import * as analyzers from './index.ts'

/** Paths of everything that is not finite. */
function notFinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path]
  if (value === undefined) return [path]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, item]) => notFinite(item, `${path}.${name}`))
}

describe('all analyzers', () => {
  test.each([
    ['an empty run', handRun({})],
    ['a run of no length', handRun({ toTime: 0 })],
    ['a linear session', sessionRun({ samples: 120, instrument: LINEAR })],
    [
      'an inverse session with cash',
      sessionRun({ samples: 120, instrument: INVERSE, startingCash: 2 }),
    ],
    ['bars', { ...sessionRun({ samples: 60 }), source: 'bars' as const, depth: undefined }],
  ])('never give NaN, infinity or undefined: %s', (_, run) => {
    expect(notFinite(analyzeRun(run))).toEqual([])
  })

  test('each exported class has its own key, and analyzeRun uses it', () => {
    const classes = Object.values(analyzers).filter(
      (item): item is typeof Analyzer & (new () => Analyzer<unknown>) =>
        typeof item === 'function' && item.prototype instanceof Analyzer,
    )
    const keys = classes.map((analyzer) => analyzer.key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(Object.keys(analyzeRun(handRun({}))).toSorted()).toEqual(keys.toSorted())
  })
})
