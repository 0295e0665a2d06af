/** The two streams of the process, as the commands see them. */

/** Where a command writes. */
export interface Terminal {
  /** Writes the answer. */
  readonly out: (text: string) => void
  /** Writes everything else: progress, warnings, errors. */
  readonly err: (text: string) => void
  /** True when somebody watches `err`. */
  readonly isWatched: boolean
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isWatched: process.stderr.isTTY,
}

/**
 * Removes control characters, so that text from a file can neither move the cursor nor colour,
 * title or clear a terminal; line feeds and tabs stay.
 */
export function withoutControls(text: string): string {
  // C0 but tab and line feed, delete, C1, and the marks that reverse the direction of writing.
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
}

/**
 * Sends everything that is written to stdout to stderr while `work` runs: a strategy that prints
 * must not break the one JSON document that a script waits for.
 */
export async function withQuietStdout<T>(work: () => Promise<T>): Promise<T> {
  const { stdout, stderr } = process
  stdout.write = stderr.write.bind(stderr)
  try {
    return await work()
  } finally {
    // The stream's own method stands on its prototype, behind the one put in front of it here.
    Reflect.deleteProperty(stdout, 'write')
  }
}
