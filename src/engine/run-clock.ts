/** The local time of a run. */

/** Where a run stands, ns since its epoch; moved by the run alone. */
export interface RunClock {
  now: number
}
