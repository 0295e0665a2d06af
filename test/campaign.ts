/** Seeded random campaigns: short in `npm test`, at full length in `npm run campaign`. */

const LENGTH = process.env['LOBTRADER_CAMPAIGN_OPS']

/** Returns the operations of a campaign: those that were asked for, else `short`. */
export function campaignLength(short: number): number {
  return LENGTH === undefined ? short : Number(LENGTH)
}

/** Says what a campaign at full length has done; the short one says nothing. */
export function tellCampaign(
  what: string,
  operations: number,
  result = 'operations, all equal',
): void {
  if (LENGTH === undefined) return
  process.stdout.write(`${what}: ${operations.toLocaleString('en')} ${result}\n`)
}
