export { Ladder, NO_ASK, NO_BID, type LadderOptions } from './ladder.ts'
