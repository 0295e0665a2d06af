/** Finds the strategy that `--strategy` names and reads its `--set` parameters. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import {
  parameterFromText,
  strategySchema,
  type ParameterValues,
  type StrategyClass,
} from '../engine/index.ts'
import { STRATEGIES } from '../strategy/index.ts'
import { isStrategyFile, loadStrategyFile } from './strategy-file.ts'

/** A strategy and how to speak of it. */
export interface ChosenStrategy {
  /** `avellaneda-stoikov`, or the name of the user's class. */
  readonly name: string
  readonly strategyClass: StrategyClass
  /** The file of a strategy that is the user's own. */
  readonly file: string | undefined
}

/**
 * Returns the built-in strategy of that name, or the one in that file.
 *
 * @throws LobtraderError UNKNOWN_STRATEGY with the nearest name and all names, or as
 *   {@link loadStrategyFile}
 */
export async function chooseStrategy(name: string): Promise<ChosenStrategy> {
  if (Object.hasOwn(STRATEGIES, name)) {
    return { name, strategyClass: STRATEGIES[name]!, file: undefined }
  }
  if (isStrategyFile(name)) {
    const strategyClass = await loadStrategyFile(name)
    return { name: strategyClass.name, strategyClass, file: name }
  }
  const names = Object.keys(STRATEGIES)
  throw new LobtraderError(
    'UNKNOWN_STRATEGY',
    `unknown strategy "${name}"${didYouMean(name, names)} (built in: ${names.join(', ')}; a file of your own: ./my-strategy.ts)`,
    { strategy: name },
  )
}

/**
 * Reads `name=value` texts into the parameters of a strategy.
 *
 * @throws LobtraderError BAD_ARGUMENT, UNKNOWN_PARAMETER or BAD_PARAMETER
 */
export function readParameters(
  { name: owner, strategyClass }: ChosenStrategy,
  settings: readonly string[],
): ParameterValues {
  const schema = strategySchema(strategyClass)
  const values: Record<string, unknown> = {}
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    if (equals <= 0) {
      throw new LobtraderError('BAD_ARGUMENT', `--set "${setting}" is not of the form name=value`, {
        value: setting,
      })
    }
    const name = setting.slice(0, equals)
    if (Object.hasOwn(values, name)) {
      throw new LobtraderError('BAD_ARGUMENT', `parameter "${name}" is set twice`, {
        parameter: name,
      })
    }
    values[name] = parameterFromText(schema, name, setting.slice(equals + 1), owner)
  }
  return values
}

/** Returns one line for each built-in strategy with its parameters and their defaults. */
export function strategyHelp(): string {
  return Object.entries(STRATEGIES)
    .map(([name, strategyClass]) => {
      const defaults = strategySchema(strategyClass).safeParse({})
      const parameters = Object.entries(defaults.data ?? {})
        .map(([parameter, value]) => `${parameter}=${String(value)}`)
        .join(' ')
      return `  ${name}: ${parameters}`
    })
    .join('\n')
}
