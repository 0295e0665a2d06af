import { describe, expect, it } from 'vitest'
import { globexCalendar } from '../../market/index.ts'
import { checkedRules, parseVenueRules, rulesText } from './venue-rules.ts'

describe('the rules of a venue in a file', () => {
  it('are those of a program', () => {
    const rules = {
      tickTable: [
        { from: 0, tick: 0.01 },
        { from: 10, tick: 0.05 },
      ],
      maxSize: 5,
      minNotional: 100,
      priceBand: { percent: 2.5, from: 'mid' },
      maxOpenOrders: 10,
      halts: 'queue',
      rejectStops: true,
      stp: 'cancel-newest',
    } as const
    expect(parseVenueRules(JSON.stringify(rules), 'rules.json')).toEqual(rules)
    expect(rulesText(parseVenueRules('{}', 'rules.json'))).toBeUndefined()
  })

  it('name a calendar, which is the same in a program', () => {
    const rules = parseVenueRules('{"calendar": "globex"}', 'rules.json')
    expect(checkedRules(rules).calendar?.name).toBe(globexCalendar().name)
    expect(rulesText(rules)).toBe(rulesText({ calendar: globexCalendar() }))
  })

  it.each([
    ['{"maxSize": 5', /^BAD_JSON: r\.json: is no JSON \(/],
    ['[]', /r\.json field rules: expected an object such as \{"maxSize": 10\}; was \[\]/],
    ['null', /field rules: expected an object .*; was null/],
    ['{"maxSize": "5"}', /field maxSize: expected a number above 0; was "5"/],
    ['{"minNotional": 0}', /field minNotional: expected a number above 0; was 0/],
    ['{"maxOpenOrders": 1.5}', /field maxOpenOrders: expected a whole number above 0; was 1\.5/],
    [
      '{"maxsize": 5}',
      /field maxsize: is no rule; expected tickTable, maxSize, .*; did you mean "maxSize"\?/,
    ],
    ['{"tickTable": 0.01}', /field tickTable: expected a list such as .*; was 0\.01/],
    ['{"tickTable": []}', /field tickTable: expected at least one \{"from", "tick"\}; was \[\]/],
    ['{"tickTable": [5]}', /field tickTable\.0: expected an object such as .*; was 5/],
    [
      '{"tickTable": [{"from": 0}]}',
      /field tickTable\.0\.tick: expected a number above 0; nothing is there/,
    ],
    [
      '{"tickTable": [{"from": -1, "tick": 1}]}',
      /field tickTable\.0\.from: expected a price from 0 on; was -1/,
    ],
    [
      '{"tickTable": [{"from": 0, "tik": 1, "tick": 1}]}',
      /field tickTable\.0\.tik: is no rule; expected from, tick; did you mean "tick"\?/,
    ],
    [
      '{"tickTable": [{"from": 5, "tick": 1}, {"from": 2, "tick": 2}]}',
      /field tickTable: expected prices "from" that rise; was \[/,
    ],
    ['{"priceBand": 5}', /field priceBand: expected an object such as .*; was 5/],
    [
      '{"priceBand": {"percent": 5, "from": "close"}}',
      /field priceBand\.from: expected one of last, mid, mark; was "close"/,
    ],
    ['{"halts": "ignore"}', /field halts: expected one of refuse, queue; was "ignore"/],
    ['{"rejectStops": "yes"}', /field rejectStops: expected true or false; was "yes"/],
    ['{"stp": "newest"}', /field stp: expected one of none, cancel-newest, .*; was "newest"/],
    ['{"calendar": "NYSE"}', /field calendar: expected .* one of 24x7, nasdaq, .*; was "NYSE"/],
  ])('are refused with file, field, value and what was expected: %s', (text, message) => {
    expect(() => parseVenueRules(text, 'r.json')).toThrow(message)
  })
})
