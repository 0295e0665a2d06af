/** Which of the instruments in an input to import. */
import { LobtraderError, didYouMean } from '../../core/index.ts'

/** Names to list where one is unknown. */
const NAMES_SHOWN = 10

/**
 * Returns the entries whose name is wanted, all of them when no name is given.
 *
 * @param namesOf what an entry may be called
 * @throws LobtraderError ABSENT_SYMBOL for a name that no entry has, with the nearest ones
 */
export function chosenSymbols<T>(
  entries: readonly T[],
  wanted: readonly string[] | undefined,
  namesOf: (entry: T) => readonly string[],
): readonly T[] {
  if (wanted === undefined || wanted.length === 0) return entries
  const names = entries.flatMap(namesOf)
  for (const name of wanted) {
    if (names.includes(name)) continue
    const shown = entries.slice(0, NAMES_SHOWN).map((entry) => namesOf(entry)[0] ?? '')
    const more = entries.length > shown.length ? ` and ${entries.length - shown.length} more` : ''
    throw new LobtraderError(
      'ABSENT_SYMBOL',
      `no symbol "${name}" in the input${didYouMean(name, names)} (there: ${shown.join(', ')}${more})`,
      { symbol: name },
    )
  }
  return entries.filter((entry) => namesOf(entry).some((name) => wanted.includes(name)))
}
