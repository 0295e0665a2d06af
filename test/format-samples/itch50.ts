/**
 * Writes ITCH 5.0 messages byte by byte from NASDAQ's published layouts, for tests.
 *
 * Source: "NASDAQ TotalView-ITCH 5.0", NASDAQ (revision of 2020-11-06, read 2026-11), chapter 1.
 */

/** What every message has; time in ns after midnight. */
export interface MessageFields {
  readonly locate: number
  readonly time: number
}

/** One field: its bytes, and a number or a text (left-justified, padded with blanks). */
type Field = readonly [bytes: number, value: number | bigint | string]

function message(type: string, { locate, time }: MessageFields, fields: readonly Field[]): Buffer {
  const all: readonly Field[] = [[1, type], [2, locate], [2, 0], [6, time], ...fields]
  return Buffer.concat(
    all.map(([bytes, value]) => {
      if (typeof value === 'string') return Buffer.from(value.padEnd(bytes, ' '), 'latin1')
      const field = Buffer.alloc(bytes)
      let rest = BigInt(value)
      for (let i = bytes - 1; i >= 0; i--) {
        field[i] = Number(rest & 0xffn)
        rest >>= 8n
      }
      return field
    }),
  )
}

export const system = (time: number, event: string): Buffer =>
  message('S', { locate: 0, time }, [[1, event]])

export const directory = (of: MessageFields, stock: string): Buffer =>
  message('R', of, [
    [8, stock],
    [1, 'Q'],
    [1, 'N'],
    [4, 100],
    [1, 'N'],
    [1, 'C'],
    [2, 'Z'],
    [1, 'P'],
    [1, 'N'],
    [1, 'N'],
    [1, '1'],
    [1, 'N'],
    [4, 0],
    [1, 'N'],
  ])

export const action = (of: MessageFields, stock: string, state: string): Buffer =>
  message('H', of, [
    [8, stock],
    [1, state],
    [1, ' '],
    [4, ''],
  ])

/** Price in 1e-4. */
export interface OrderFields extends MessageFields {
  readonly order: bigint
  readonly side: 'B' | 'S'
  readonly shares: number
  readonly stock: string
  readonly price: number
}

export const add = (of: OrderFields, name?: string): Buffer =>
  message(name === undefined ? 'A' : 'F', of, [
    [8, of.order],
    [1, of.side],
    [4, of.shares],
    [8, of.stock],
    [4, of.price],
    ...(name === undefined ? [] : [[4, name] as const]),
  ])

export const execute = (of: MessageFields, order: bigint, shares: number, match = 0n): Buffer =>
  message('E', of, [
    [8, order],
    [4, shares],
    [8, match],
  ])

export const executeAt = (
  of: MessageFields,
  order: bigint,
  shares: number,
  rest: { readonly printable: 'Y' | 'N'; readonly price: number; readonly match?: bigint },
): Buffer =>
  message('C', of, [
    [8, order],
    [4, shares],
    [8, rest.match ?? 0n],
    [1, rest.printable],
    [4, rest.price],
  ])

export const cancel = (of: MessageFields, order: bigint, shares: number): Buffer =>
  message('X', of, [
    [8, order],
    [4, shares],
  ])

export const remove = (of: MessageFields, order: bigint): Buffer => message('D', of, [[8, order]])

export const replace = (
  of: MessageFields,
  order: bigint,
  by: { readonly order: bigint; readonly shares: number; readonly price: number },
): Buffer =>
  message('U', of, [
    [8, order],
    [8, by.order],
    [4, by.shares],
    [4, by.price],
  ])

export const hiddenTrade = (of: Omit<OrderFields, 'order' | 'side'>, match: bigint): Buffer =>
  message('P', of, [
    [8, 0],
    [1, 'B'],
    [4, of.shares],
    [8, of.stock],
    [4, of.price],
    [8, match],
  ])

export const cross = (of: MessageFields, stock: string, shares: bigint, price: number): Buffer =>
  message('Q', of, [
    [8, shares],
    [8, stock],
    [4, price],
    [8, 77],
    [1, 'O'],
  ])

export const broken = (of: MessageFields, match: bigint): Buffer => message('B', of, [[8, match]])

/** Messages of which no row is made: every other type, with blank fields. */
export const blank = (type: string, bytes: number, of: MessageFields): Buffer =>
  message(type, of, [[bytes - 11, ' ']])

/** Puts messages behind their lengths, behind two zeros, or directly one behind the other. */
export function framed(messages: readonly Buffer[], framing: 'length' | 'zero' | 'none'): Buffer {
  return Buffer.concat(
    messages.flatMap((one) => {
      if (framing === 'none') return [one]
      const prefix = Buffer.alloc(2)
      if (framing === 'length') prefix.writeUInt16BE(one.length)
      return [prefix, one]
    }),
  )
}

const HOUR = 3_600_000_000_000

/** A small session of two stocks. */
export function smallSession(): Buffer[] {
  const at = (minutes: number, locate = 1): MessageFields => ({
    locate,
    time: 4 * HOUR + minutes * 6e10,
  })
  const order = { side: 'B', shares: 300, stock: 'AAPL', price: 1_633_400 } as const
  return [
    system(3 * HOUR, 'O'),
    directory(at(0), 'AAPL'),
    directory(at(0, 2), 'BRK.A'),
    action(at(1), 'AAPL', 'T'),
    add({ ...at(2), order: 1n, ...order }),
    add({ ...at(3), order: (1n << 40n) + 1n, ...order, side: 'S', price: 1_633_600 }, 'GSCO'),
    add({ ...at(4, 2), order: 2n, ...order, stock: 'BRK.A', price: 1_999_990_000 }),
    execute(at(5), 1n, 100, 501n),
    executeAt(at(6), 1n, 50, { printable: 'Y', price: 1_633_350, match: 502n }),
    executeAt(at(7), 1n, 20, { printable: 'N', price: 1_633_300, match: 503n }),
    cancel(at(8), 1n, 30),
    replace(at(9), 1n, { order: 9n, shares: 500, price: 1_633_500 }),
    hiddenTrade({ ...at(10), shares: 7, stock: 'AAPL', price: 1_633_555 }, 504n),
    cross(at(11), 'AAPL', 1000n, 1_633_400),
    cross(at(11), 'AAPL', 0n, 0),
    broken(at(12), 501n),
    blank('I', 50, at(13)),
    blank('L', 26, at(13)),
    action(at(14), 'AAPL', 'H'),
    remove(at(15), 9n),
    remove(at(15), 12345n),
  ]
}

/** Small files for the fuzz campaign. */
export function sampleFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  return (['length', 'zero', 'none'] as const).map((framing) => ({
    name: `01302019.${framing}.NASDAQ_ITCH50`,
    bytes: framed(smallSession(), framing),
  }))
}
