import { describe, expect, test } from 'vitest'
import type { ResultColumn, SqlResult, SqlValue } from '../store/index.ts'
import { csvPieces, jsonPieces, tablePieces } from './query-output.ts'

const columns: readonly ResultColumn[] = [
  { name: 'name', type: 'VARCHAR' },
  { name: 'n', type: 'BIGINT' },
]

function result(
  batches: readonly (readonly (readonly SqlValue[])[])[],
  of: readonly ResultColumn[] = columns,
): SqlResult {
  return {
    columns: of,
    batches: (async function* () {
      for (const batch of batches) yield await Promise.resolve(batch)
    })(),
    close: () => undefined,
  }
}

async function textOf(pieces: AsyncGenerator<string, void>): Promise<string> {
  const parts: string[] = []
  for await (const piece of pieces) parts.push(piece)
  return parts.join('')
}

const rows = [
  [
    ['a', 1],
    ['b', null],
  ],
  [['c "d"', { x: [1, 2] }]],
] as const

describe('the rows of a query', () => {
  test('are one JSON array of objects, over batches, and of no rows', async () => {
    expect(JSON.parse(await textOf(jsonPieces(result(rows))))).toEqual([
      { name: 'a', n: 1 },
      { name: 'b', n: null },
      { name: 'c "d"', n: { x: [1, 2] } },
    ])
    expect(await textOf(jsonPieces(result([])))).toBe('[]\n')
  })

  test('are CSV in which a spreadsheet finds no formula', async () => {
    expect(await textOf(csvPieces(result(rows)))).toBe(
      'name,n\na,1\nb,\n"c ""d""","{""x"":[1,2]}"\n',
    )
    const risky = [
      [
        ['=cmd()', '-12.5'],
        ['@x', '-1+1'],
        ['a\nb', true],
      ],
    ] as const
    expect(await textOf(csvPieces(result(risky)))).toBe(
      "name,n\n'=cmd(),-12.5\n'@x,'-1+1\n\"a\nb\",true\n",
    )
  })

  test('are a table that ends at its limit and says so', async () => {
    expect(await textOf(tablePieces(result(rows), 2))).toBe(
      'name     n\na        1\nb     NULL\nthe first 2 rows; --limit 0 shows all, --csv and --json give all to a script\n',
    )
    expect(await textOf(tablePieces(result([]), 2))).toBe('name  n\nno rows\n')
    expect(await textOf(tablePieces(result([[['a\nb\u001b[2J', 1]]]), 2))).toBe(
      'name     n\na\\nb[2J  1\n',
    )
  })

  test('of a plan are the plan as it was drawn', async () => {
    const plan = [
      { name: 'explain_key', type: 'VARCHAR' },
      { name: 'explain_value', type: 'VARCHAR' },
    ]
    expect(await textOf(tablePieces(result([[['physical_plan', 'A\n└ B\n']]], plan), 9))).toBe(
      'A\n└ B\n',
    )
  })
})
