/** Name of the entry by which an `.npz` file tells that we have written it. */
export const OWN_ENTRY = 'lobtrader.json'
