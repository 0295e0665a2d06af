/** Parameters of strategies: declared once with defaults, typed in code, checked at run time. */
import { z } from 'zod'
import { LobtraderError, didYouMean } from '../core/index.ts'
import { durationNs, type Duration } from '../time/index.ts'

/** Parameters by name. */
export type ParameterValues = Readonly<Record<string, unknown>>

type IsUnion<T, U = T> = [T] extends [never]
  ? false
  : T extends U
    ? [U] extends [T]
      ? false
      : true
    : never

/** The type that a parameter has, given the literal type of its default. */
export type Widen<T> =
  true extends IsUnion<T>
    ? T
    : T extends number
      ? number
      : T extends boolean
        ? boolean
        : T extends Duration
          ? Duration
          : T extends string
            ? string
            : T

/** The parameters that a set of defaults declares. */
export type ParametersOf<D> = { -readonly [K in keyof D]: Widen<D[K]> }

/** One part of a declaration: plain defaults, or a schema where ranges matter. */
export type ParameterDeclaration = ParameterValues | z.ZodObject

const isDuration = (value: unknown): value is string => {
  if (typeof value !== 'string') return false
  try {
    durationNs(value)
    return true
  } catch {
    return false
  }
}

/** The schema of one parameter, from its default: same type, finite, durations stay durations. */
function schemaOfDefault(value: unknown): z.ZodType {
  switch (typeof value) {
    case 'number':
      return z.number({ error: 'expected a finite number' }).default(value)
    case 'boolean':
      return z.boolean({ error: 'expected true or false' }).default(value)
    case 'string':
      return isDuration(value)
        ? z
            .union([z.number(), z.string()])
            .refine((given) => typeof given === 'number' || isDuration(given), {
              message: 'expected a duration such as 250us, 100ms or 1s',
            })
            .default(value)
        : z.string({ error: 'expected text' }).default(value)
    default:
      return z.custom<unknown>(() => true).default(value)
  }
}

/** Turns declarations, base class first, into one schema; later ones override earlier names. */
export function parameterSchema(declarations: readonly ParameterDeclaration[]): z.ZodObject {
  const shape: Record<string, z.ZodType> = {}
  for (const declaration of declarations) {
    if (declaration instanceof z.ZodObject) Object.assign(shape, declaration.shape)
    else
      for (const [name, value] of Object.entries(declaration)) shape[name] = schemaOfDefault(value)
  }
  return z.strictObject(shape)
}

/**
 * Returns all parameters: those given, the defaults for the rest.
 *
 * @param owner name to speak of in errors, such as `avellaneda-stoikov`
 * @throws LobtraderError UNKNOWN_PARAMETER (with the nearest name) or BAD_PARAMETER
 */
export function resolveParameters(
  schema: z.ZodObject,
  given: ParameterValues,
  owner: string,
): ParameterValues {
  const names = Object.keys(schema.shape)
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new LobtraderError(
        'UNKNOWN_PARAMETER',
        `unknown parameter "${name}" of ${owner}${didYouMean(name, names)}`,
        { parameter: name },
      )
    }
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
  const issue = parsed.error.issues[0]!
  const name = String(issue.path[0] ?? '')
  throw new LobtraderError(
    'BAD_PARAMETER',
    `parameter ${name} of ${owner} cannot be ${describe(given[name])}: ${expectation(issue)}`,
    { parameter: name, value: describe(given[name]) },
  )
}

/**
 * Reads a parameter given as text (`--set name=text`) to whichever type the parameter takes.
 *
 * @throws LobtraderError as {@link resolveParameters}
 */
export function parameterFromText(
  schema: z.ZodObject,
  name: string,
  text: string,
  owner: string,
): unknown {
  const field = schema.shape[name]
  const candidates: unknown[] = []
  if (text === 'true' || text === 'false') candidates.push(text === 'true')
  if (text.trim() !== '' && !Number.isNaN(Number(text))) candidates.push(Number(text))
  candidates.push(text)
  if (field !== undefined) {
    for (const candidate of candidates) {
      if (z.safeParse(field as z.ZodType, candidate).success) return candidate
    }
  }
  // None fits: let the full check speak, on the reading that the user most likely meant.
  return resolveParameters(schema, { [name]: candidates[0] }, owner)[name]
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}

/** Says what was expected; of a type in words that also fit NaN and text from a command line. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.expected === 'number')
    return 'expected a finite number'
  if (issue.code === 'invalid_type' && issue.expected === 'boolean') return 'expected true or false'
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}
