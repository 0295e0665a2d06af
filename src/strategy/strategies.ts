/** The strategies that the command line knows by name. */
import type { StrategyClass } from '../engine/index.ts'
import { AvellanedaStoikov } from './avellaneda-stoikov.ts'

/** Strategy classes by the name that `--strategy` takes. */
export const STRATEGIES: Readonly<Record<string, StrategyClass>> = {
  'avellaneda-stoikov': AvellanedaStoikov,
}
