/** Keeps the text of numbers in JSON. */

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * Returns JSON in which each number is a string of the same text.
 *
 * Kraken v2 sends prices and sizes as numbers and its checksum is over their text; `JSON.parse`
 * would make 0.10000000 a 0.1.
 */
export function quoteJsonNumbers(json: string): string {
  return json.replace(STRING_OR_NUMBER, (text) => (text.startsWith('"') ? text : `"${text}"`))
}
