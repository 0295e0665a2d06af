import { describe, expect, test } from 'vitest'
import { handRun } from '../../test/run-record-fixture.ts'
import { sessionRun } from '../../test/session-fixture.ts'
import { summaryTable } from './summary-table.ts'

describe('the summary', () => {
  test('names the run and shows figures with their units', () => {
    const text = summaryTable(sessionRun({ samples: 300 }))
    expect(text).toMatch(/^AvellanedaStoikov on BTCUSDT \(binance-usdm, linear perpetual\)\n/)
    expect(text).toContain('2024-08-08 23:55:00 to 2024-08-08 23:59:59 UTC, 4m 59s')
    expect(text).toMatch(/Net profit +[+-][\d.,]+ USDT\n/)
    expect(text).toMatch(/Sharpe ratio .*1 s steps, annualised x 5,615\.7/)
    expect(text).toMatch(/Markout 5 s +[+-][\d.]+ bps {2}standard error/)
    expect(text).toContain('riskAversion 0.5; maxInventory 5')
    expect(text.endsWith('\n')).toBe(true)
  })

  test('values end in one column, whatever their length', () => {
    const lines = summaryTable(sessionRun({ samples: 300 })).split('\n')
    const ends = lines
      .filter((line) => /^ {2}(Orders|Fills|Maker share|Sharpe ratio) /.test(line))
      .map((line) => /^ {2}\w[\w ]*? {2,}\S+( %)?(?= {2})/.exec(line)![0].length)
    expect(ends).toHaveLength(5)
    expect(new Set(ends).size).toBe(1)
  })

  test('is plain text unless colours are asked for', () => {
    const run = sessionRun({ samples: 60 })
    expect(summaryTable(run)).not.toContain('\u001B')
    expect(summaryTable(run, { color: true })).toContain('\u001B[1m')
  })

  test('a name cannot command the terminal', () => {
    const run = handRun({
      strategy: 'Evil\u001B[2J',
      parameters: { a: '\u001B]0;x\u0007' },
      settings: { source: 'x\r\ny' },
    })
    expect(summaryTable(run)).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  test('an empty run has dashes and no NaN', () => {
    const text = summaryTable(handRun({}))
    expect(text).toMatch(/Sharpe ratio +- /)
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/)
  })

  test('bars are judged by whole bars and have no latency', () => {
    const run = { ...sessionRun({ samples: 60 }), source: 'bars' as const }
    const text = summaryTable(run)
    expect(text).toContain('Bars ')
    expect(text).toMatch(/Markout 20 s /)
    expect(text).not.toMatch(/Latency|Spread captured/)
  })
})
