/** The JSON documents of `--json`. */

/** Returns one line of JSON: `bigint` as text, numbers that JSON does not know as null. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item,
  )
  return `${text}\n`
}
