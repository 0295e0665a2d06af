/** What a sequence rule may say. */

/**
 * `apply`: it continues the book. `drop`: the book has it already. `gap`: updates are missing
 * before it, the book is stale until the next snapshot. `reset`: the venue begins its numbers anew
 * with it; apply it, to the book at hand or to an empty one as `resetKeepsBook` of the gate says.
 */
export type Verdict = 'apply' | 'drop' | 'gap' | 'reset'
