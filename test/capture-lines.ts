/** Reads raw websocket captures for tests. */
import { LineCursor } from '../src/feed/input/line-cursor.ts'

/** A line of a capture: where it came from, empty for what a websocket received, and its JSON. */
export interface CaptureLine {
  readonly source: string
  readonly json: string
}

const LINE = /^(?:(\S+) (<->|<-|->) )?[\d.]+(?:: (.*))?$/

/** Yields what a capture received (`time: json`, or `url -> time: json` of REST), in order. */
export async function* captureLines(path: string): AsyncGenerator<CaptureLine> {
  const cursor = await LineCursor.open(path)
  try {
    while (await cursor.advance()) {
      for (; cursor.ready > 0; cursor.step()) {
        const [, source = '', arrow = '->', json] = LINE.exec(cursor.text()) ?? []
        if (arrow === '->' && json !== undefined) yield { source, json }
      }
    }
  } finally {
    await cursor.close()
  }
}
