import { describe, expect, test } from 'vitest'
import { handRun } from '../../test/run-record-fixture.ts'
import { sessionRun } from '../../test/session-fixture.ts'
import { runJson } from './run-json.ts'

describe('run.json', () => {
  test('holds every name that scripts rely on', () => {
    const run = sessionRun({ samples: 240 })
    const json = runJson(run)
    expect(json).toMatchObject({
      runHash: run.runHash,
      events: run.events,
      seconds: run.seconds,
      eventsPerSecond: run.events / run.seconds,
      orders: run.orders.length,
      fills: run.fills.length,
      position: run.totals.position,
      strategy: 'AvellanedaStoikov',
      source: 'book',
      settlement: 'USDT',
      instrument: { symbol: 'BTCUSDT', tickSize: '0.10' },
      parameters: { riskAversion: 0.5, k: 'auto' },
      period: {
        epoch: '1723075200000000000',
        from: '1723161300000000000',
        to: '1723161539000000000',
        fromIso: '2024-08-08T23:55:00.000000000Z',
      },
    })
    expect(Object.keys(json.pnl)).toEqual(['realized', 'unrealized', 'fees', 'funding', 'net'])
    expect(Object.keys(json.markoutBps)).toEqual(['1s', '5s', '30s'])
    expect(json.markoutBps['5s']).toBe(json.analyses.markout.horizons[1]!.all.mean)
    expect(json.makerShare).toBe(json.analyses.makerShare.bySize)
  })

  test('survives JSON unchanged: no NaN, no bigint, no columns', () => {
    for (const run of [sessionRun({ samples: 60 }), handRun({ toTime: 0 })]) {
      const json = runJson(run)
      expect(JSON.parse(JSON.stringify(json))).toEqual(json)
    }
  })

  test('a run without fills has null where nothing can be said', () => {
    expect(runJson(handRun({}))).toMatchObject({
      fills: 0,
      pnl: { realized: 0, unrealized: 0, fees: 0, net: 0 },
      sharpe: null,
      maxDrawdown: 0,
      makerShare: null,
      markoutBps: { '1s': null, '5s': null, '30s': null },
    })
  })

  test('parameters of any kind become JSON', () => {
    const parameters = {
      big: 12n,
      infinite: Number.POSITIVE_INFINITY,
      list: [1, undefined, Number.NaN],
      nested: { a: undefined, b: 1 },
      f: () => 1,
    }
    expect(runJson(handRun({ parameters })).parameters).toEqual({
      big: '12',
      infinite: 'Infinity',
      list: [1, null, 'NaN'],
      nested: { b: 1 },
      f: 'function',
    })
  })
})
