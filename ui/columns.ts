/** Unpacks the columns that the page carries. */
import type { PackedColumn, PackedTable } from '../src/report/page-contract.ts'

/** Numbers of one column. */
export type Column = Float64Array | Float32Array | Int8Array | Uint8Array

/** Columns of one table. */
export type Table<Name extends string> = { readonly length: number } & Readonly<
  Record<Name, Column>
>

const WIDTHS = { f64: 8, f32: 4, i8: 1, u8: 1 } as const
const ARRAYS = { f64: Float64Array, f32: Float32Array, i8: Int8Array, u8: Uint8Array } as const

/** Returns the numbers of a packed column. */
export async function unpackColumn(packed: PackedColumn): Promise<Column> {
  const grouped = await inflate(bytesOf(packed.data))
  const width = WIDTHS[packed.type]
  const bytes = new Uint8Array(grouped.length)
  for (let byte = 0; byte < width; byte++) {
    const base = byte * packed.length
    for (let i = 0; i < packed.length; i++) bytes[i * width + byte] = grouped[base + i]!
  }
  return new ARRAYS[packed.type](bytes.buffer)
}

/** Returns all columns of a packed table. */
export async function unpackTable<Name extends string>(
  packed: PackedTable<Name>,
): Promise<Table<Name>> {
  const names = Object.keys(packed.columns) as Name[]
  const columns = await Promise.all(names.map((name) => unpackColumn(packed.columns[name])))
  return {
    length: packed.length,
    ...Object.fromEntries(names.map((name, i) => [name, columns[i]!])),
  } as Table<Name>
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
