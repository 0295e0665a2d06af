/** Every case that `run.ts` knows, by the name that `--only` takes. */
import type { BenchCase } from './bench-case.ts'

/** Makes each case; loading a case's data is part of making it, not of its time. */
export const BENCHES: Readonly<Record<string, () => Promise<BenchCase>>> = {
  'l2-replay': async () => (await import('./l2-replay.ts')).l2Replay(),
  'limit-pass': async () => (await import('./limit.ts')).limitPass(),
  'book-replay': async () => (await import('./limit.ts')).bookReplay(),
  'l3-replay': async () => (await import('./l3-replay.ts')).l3Replay(),
  'backtest-grid': async () => (await import('./backtest-grid.ts')).backtestGrid(),
  'backtest-every-event': async () => (await import('./backtest-every-event.ts')).everyEvent(),
  'backtest-10-instruments': async () =>
    (await import('./backtest-10-instruments.ts')).tenInstruments(),
  'backtest-long': async () =>
    await Promise.resolve((await import('./backtest-long.ts')).backtestLong()),
  'backtest-l3': async () => await (await import('./backtest-l3.ts')).backtestL3(),
  'backtest-ticks': async () => await (await import('./backtest-ticks.ts')).backtestTicks(),
  'itch-parse': async () => await (await import('./itch-parse.ts')).itchParse(),
  'dbn-parse': async () => await (await import('./dbn-parse.ts')).dbnParse(),
  'import-binance': async () => (await import('./import-binance.ts')).importBinance(),
  'store-bytes-per-event': async () =>
    (await import('./store-bytes-per-event.ts')).storeBytesPerEvent(),
  'store-decode': async () => (await import('./store-decode.ts')).storeDecode(),
}
