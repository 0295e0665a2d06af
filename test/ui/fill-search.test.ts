import { expect, test } from 'vitest'
import { matchingRows, type SearchedFills } from '../../ui/fill-search.ts'

const prices = ['61,500.10', '61,499.00', '615.00']
const searched: SearchedFills = {
  fills: { length: 3, side: [1, -1, 1], maker: [1, 1, 0], orderId: [7, 61, 615] },
  price: (row) => prices[row]!,
  fullTime: (row) => `2024-08-08 23:5${row}:00.5`,
}

test.each([
  ['', [2, 1, 0]],
  ['buy', [2, 0]],
  ['SELL', [1]],
  ['buy maker', [0]],
  ['ta', [2]],
  ['23:51', [1]],
  ['08-08', [2, 1, 0]],
  ['61,5', [2, 0]],
  ['61500.1', [0]],
  ['61', [2, 1, 0]],
  ['7', [0]],
  ['buy sell', []],
  ['<img>', []],
])('searching for "%s" finds rows %j', (query, rows) => {
  expect(matchingRows(searched, query)).toEqual(rows)
})
