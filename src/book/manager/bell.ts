/** Tells listeners what happens, in order and never inside one another. */

/** A list of listeners and what they have still to hear. */
export class Bell<Event> {
  readonly #listeners = new Set<(event: Event) => void>()
  #unheard: Event[] = []
  #isRinging = false

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** Adds a listener; returns what takes it away again. */
  listen(listener: (event: Event) => void): () => void {
    const own = (event: Event): void => listener(event)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /**
   * Tells every listener. What a listener causes is told after what it was told of; an error of a
   * listener is thrown when all have heard.
   */
  ring(event: Event): void {
    this.#unheard.push(event)
    if (this.#isRinging) return
    this.#isRinging = true
    const errors: unknown[] = []
    for (let next = this.#unheard.shift(); next !== undefined; next = this.#unheard.shift()) {
      for (const listener of this.#listeners) {
        try {
          listener(next)
        } catch (error) {
          errors.push(error)
        }
      }
    }
    this.#isRinging = false
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, 'listeners of a book failed')
  }
}
