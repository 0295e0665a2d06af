/** Plain text tables for people. */

/** A column: its heading, and whether its cells are numbers and align right. */
export interface TableColumn {
  readonly heading: string
  readonly isNumber?: boolean
}

/** Returns a table with one space-padded line for each row, headings first. */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map((column) => column.heading), ...rows]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)))
  return lines
    .map((line) =>
      columns
        .map((column, i) => {
          const cell = line[i] ?? ''
          return column.isNumber === true ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** Returns `name: value` lines with the values aligned; pairs without a value are left out. */
export function textPairs(pairs: readonly (readonly [string, string | undefined])[]): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('')
}

/** Returns an integer with thousands separated: `1,234,567`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 8 })
}

/** Returns a size in bytes as people read it: `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = -1
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(1)} ${units[unit]!}`
}
