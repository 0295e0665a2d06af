/** The `--fees` option of the commands that run strategies. */
import { parseFees, type FeeModel } from '../venue/index.ts'
import { readOptionFile } from './option-file.ts'

/** What the help says of the option. */
export const FEES_HELP =
  'what fills cost, parts added up: maker=-0.5bps,taker=7bps; per-contract=0.85; per-share=0.0035,min=0.35,max=1%; buy=50bps; sell=0.278bps; flat=1 (a fill); tiers=FILE.json (by volume); negative is a rebate'

/** Reads fees, with the table of tiers from a file. @throws LobtraderError as `parseFees` */
export function readFees(text: string): FeeModel {
  return parseFees(text, (path) => readOptionFile('--fees', path))
}
