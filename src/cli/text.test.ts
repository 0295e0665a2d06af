import { describe, expect, test } from 'vitest'
import { jsonLine } from './json.ts'
import { progressText } from './progress-line.ts'
import { formatBytes, grouped, textTable } from './table.ts'
import { withoutControls } from './terminal.ts'

describe('withoutControls', () => {
  test('takes the teeth out of escape sequences and keeps lines and letters', () => {
    const hostile = '\u001b]0;owned\u0007a\u001b[2Jb\r\n\tc\u009b31m\u202ed\u0000'
    expect(withoutControls(hostile)).toBe(']0;owneda[2Jb\n\tc31md')
  })

  test('leaves ordinary text of any language alone', () => {
    const text = 'Datei "Kurse für März.gz" 価格 −1 €'
    expect(withoutControls(text)).toBe(text)
  })
})

describe('textTable', () => {
  test('aligns text left and numbers right, without trailing blanks', () => {
    const columns = [{ heading: 'name' }, { heading: 'events', isNumber: true }]
    expect(
      textTable(columns, [
        ['a', '1'],
        ['long name', '1,000'],
      ]),
    ).toBe('name       events\na               1\nlong name   1,000\n')
  })

  test('is its headings alone when there are no rows', () => {
    expect(textTable([{ heading: 'name' }], [])).toBe('name\n')
  })
})

test('numbers and sizes read as people write them', () => {
  expect(grouped(1_234_567.5)).toBe('1,234,567.5')
  expect([0, 999, 1000, 12_345_678, 5e15].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '12.3 MB',
    '5000.0 TB',
  ])
})

test('a JSON document is one line, with bigint as text and NaN as null', () => {
  const line = jsonLine({ at: 1_723_161_255_030_314_667n, sharpe: Number.NaN, name: 'a\nb' })
  expect(line).toBe('{"at":"1723161255030314667","sharpe":null,"name":"a\\nb"}\n')
})

describe('progressText', () => {
  const progress = { bytesRead: 25, bytesTotal: 100, messages: 5000, events: 20_000 }

  test('tells share, rate and time left', () => {
    expect(progressText(progress, 2)).toBe(
      '[######------------------]  25%  2,500 messages/s  20,000 events  ETA 6s',
    )
  })

  test('promises nothing before the first byte', () => {
    expect(progressText({ ...progress, bytesRead: 0 }, 0)).toMatch(/ {2}0%.*ETA unknown$/)
  })
})
