/** A fault of a byte stream, before anyone knows in which line it lies. */

/** Where a byte stream broke; the line reader turns it into a `DataError` with file and line. */
export class StreamFault extends Error {
  override name = 'StreamFault'
  readonly code: 'TRUNCATED_FILE' | 'CORRUPT_FILE' | 'OUT_OF_RANGE'

  constructor(code: 'TRUNCATED_FILE' | 'CORRUPT_FILE' | 'OUT_OF_RANGE', message: string) {
    super(message)
    this.code = code
  }
}
