/** Lists that are of objects to the compiler from the first one on. */

/**
 * Returns an empty list of objects.
 *
 * V8 takes an empty literal for a list of small integers until an object is added: code that adds to
 * a new one in every run would be thrown away in every run.
 */
export function objectList<T extends object>(): T[] {
  const list = [Object.create(null) as T]
  list.length = 0
  return list
}
