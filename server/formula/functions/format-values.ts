import { dateTimeText, formatDate, formatTimeOfDay } from '../dates.ts'
import { numberText, type Num } from '../numbers.ts'
import { define, lenient, strict, type FunctionDef } from './define.ts'

const digitsOf = new Map<string, number>()

/** Decimals of a currency by its ISO 4217 code: JPY 0, KWD 3; 2 when unknown. */
function currencyDigits(code: string): number {
  const known = digitsOf.get(code)
  if (known !== undefined) return known
  const digits = /^[A-Za-z]{3}$/.test(code)
    ? (new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits ?? 2)
    : 2
  if (digitsOf.size < 500) digitsOf.set(code, digits)
  return digits
}

const grouped = (text: string): string => {
  const [whole = '', decimals] = text.split('.')
  const digits = whole.replace('-', '')
  const head = digits.length % 3
  const parts = [digits.slice(0, head), ...(digits.slice(head).match(/\d{3}/g) ?? [])].filter(Boolean)
  return (whole.startsWith('-') ? '-' : '') + parts.join(',') + (decimals ? `.${decimals}` : '')
}

function formatCurrency(code: string | null, amount: Num | null): string | null {
  return amount === null ? null : `${code ?? ''} ${grouped(amount.toFixed(currencyDigits(code ?? '')))}`
}

export const formatValues: readonly FunctionDef[] = [
  define({
    name: 'FORMATCURRENCY',
    group: 'Text',
    signature: 'FORMATCURRENCY(currency_code, amount)',
    summary: 'An amount with its currency code and separators: USD 1,000.50.',
    noSql: 'it writes numbers out',
    overloads: [lenient(['Text', 'Number'], 'Text', formatCurrency)],
  }),
  define({
    name: 'FORMAT',
    group: 'Text',
    signature: 'FORMAT(value)',
    summary: 'A number with separators, or a date or time as text.',
    noSql: 'it writes values out',
    overloads: [
      strict(['Number'], 'Text', (value) => grouped(numberText(value))),
      strict(['Date'], 'Text', formatDate),
      strict(['DateTime'], 'Text', dateTimeText),
      strict(['Time'], 'Text', formatTimeOfDay),
    ],
  }),
]
