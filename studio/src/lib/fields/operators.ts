/** Filter operators in words, and as GraphQL's `where`. */
import type { OperatorName } from './types.ts'

export interface Filter {
  readonly field: string
  readonly operator: OperatorName
  /** Several for in, nin, includes, excludes; none for isNull, notNull. */
  readonly values: readonly string[]
}

export const OPERATOR_WORDS: { readonly [name in OperatorName]: string } = {
  eq: 'is',
  ne: 'is not',
  in: 'is any of',
  nin: 'is none of',
  lt: 'before or below',
  lte: 'at most',
  gt: 'above',
  gte: 'from',
  contains: 'contains',
  startsWith: 'starts with',
  isNull: 'is empty',
  notNull: 'is not empty',
  includes: 'includes any of',
  excludes: 'includes none of',
  relative: 'is in',
}

export const takesList = (operator: OperatorName): boolean => ['in', 'nin', 'includes', 'excludes'].includes(operator)
export const takesNothing = (operator: OperatorName): boolean => operator === 'isNull' || operator === 'notNull'

export const RELATIVE_DATES: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'TODAY', label: 'today' },
  { value: 'YESTERDAY', label: 'yesterday' },
  { value: 'TOMORROW', label: 'tomorrow' },
  { value: 'THIS_WEEK', label: 'this week' },
  { value: 'LAST_WEEK', label: 'last week' },
  { value: 'NEXT_WEEK', label: 'next week' },
  { value: 'THIS_MONTH', label: 'this month' },
  { value: 'LAST_MONTH', label: 'last month' },
  { value: 'LAST_N_DAYS:7', label: 'the last 7 days' },
  { value: 'LAST_N_DAYS:30', label: 'the last 30 days' },
  { value: 'NEXT_N_DAYS:7', label: 'the next 7 days' },
]

const escape = (text: string) => encodeURIComponent(text).replaceAll('~', '%7E').replaceAll('.', '%2E')

/** `Priority~in~High~Critical.Status~ne~Closed`: short enough to read in a URL. */
export const writeFilters = (filters: readonly Filter[]): string =>
  filters.map((f) => [f.field, f.operator, ...f.values].map(escape).join('~')).join('.')

export function readFilters(text: string | null | undefined): readonly Filter[] {
  return (text ?? '').split('.').flatMap((part) => {
    const [field, operator, ...values] = part.split('~').map(unescapeSafely)
    return field && operator && operator in OPERATOR_WORDS
      ? [{ field, operator: operator as OperatorName, values }]
      : []
  })
}

function unescapeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
