/** What a format of lines with times tells the merge of its files. */
import type { TimeScan } from '../../input/time-scan.ts'

const DAY_S = 86_400

/** Brings moments onto the epoch of an import. */
export class RunClock {
  /** Unix seconds of time 0: a UTC midnight. */
  epochSecond = Number.NaN

  /**
   * Returns ns since the epoch, exact while the import spans less than 104 days. The first moment
   * sets the epoch where {@link epochSecond} was not set.
   */
  timeOf({ seconds, nanos }: TimeScan): number {
    if (Number.isNaN(this.epochSecond)) this.epochSecond = seconds - (seconds % DAY_S)
    return (seconds - this.epochSecond) * 1e9 + nanos
  }

  /** Unix ns of time 0. */
  get epochNs(): bigint {
    return BigInt(this.epochSecond) * 1_000_000_000n
  }
}

/** Reads the lines of one file. */
export interface LineReader {
  /** When the row at hand reached us, where a file tells, else when it happened. */
  readonly time: TimeScan
  /** What the file holds; two files of one name may not overlap in time. */
  readonly stream: string
  /**
   * Takes the first line that is not blank.
   *
   * @returns true when it is a row like those behind it, false when it is a header
   * @throws DataError when the file is none of the format's
   */
  begin(bytes: Uint8Array, from: number, to: number): boolean
  /**
   * Reads bytes [from, to) as a row and checks all of it; writes nothing.
   *
   * @returns false when the row is left out, such as a blank one or one of another symbol
   * @throws DataError for a row that is not as it should be, FinerSize
   */
  read(bytes: Uint8Array, from: number, to: number): boolean
  /** Writes the row that was read last. @param localTime ns since the epoch */
  take(localTime: number): void
}
