import { dateTimeText, formatDate, formatTimeOfDay } from '../dates.ts'
import { countOf, cut, placeOf } from '../characters.ts'
import { fail } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { Num, ONE, numberText, parseNumber, toInteger, ZERO } from '../numbers.ts'
import { spend } from '../work.ts'
import { tooLong } from './arithmetic.ts'
import { leftOf, lengthOf, middleOf, padded, pieceFrom, placeIn, rightOf, trimmed } from '../sql/characters.ts'
import { position, replaced } from '../sql/text.ts'
import { writtenDate, writtenInstant, writtenNumber, writtenTime } from '../sql/written.ts'
import { define, lenient, strict, type FunctionDef, type Overload } from './define.ts'

/** The text itself, its letters counted as work of so many steps each. */
function counted(text: string, steps = 1): string {
  spend(text.length * steps)
  return text
}

/** The text, the search for another in it counted: at worst each letter is compared with each. */
function searched(text: string, part: string): string {
  spend((text.length * part.length) / 50)
  return text
}

const orNull = (text: string): string | null => (text === '' ? null : text)

function left(text: string, count: Num): string | null {
  const n = toInteger(count)
  return n <= 0 ? null : orNull(cut(text, 0, n))
}

function right(text: string, count: Num): string | null {
  const n = toInteger(count)
  if (n <= 0) return null
  const length = countOf(text)
  return orNull(cut(text, Math.max(0, length - n), length))
}

/** Characters count from 1; a start below 1 counts as 1. */
function mid(text: string, start: Num, count: Num): string | null {
  const from = Math.max(0, toInteger(start) - 1)
  const n = toInteger(count)
  return n <= 0 ? null : orNull(cut(text, from, from + n))
}

/** As MID, but a negative start counts from the end. */
function substr(text: string, start: Num, count: number): string | null {
  const at = toInteger(start)
  const from = at > 0 ? at - 1 : at < 0 ? countOf(text) + at : 0
  return from < 0 || count <= 0 ? null : orNull(cut(text, from, from + count))
}

/** Without the control characters and blanks at both ends. */
function trim(text: string): string | null {
  spend(text.length / 25)
  let [start, end] = [0, text.length]
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return orNull(text.slice(start, end))
}

function substitute(text: string | null, old: string | null, by: string | null): string | null {
  if (text === null || old === null) return null
  const parts = searched(counted(text), old).split(old)
  if (text.length + (parts.length - 1) * (by ?? '').length > LIMITS.text) throw tooLong()
  return orNull(parts.join(by ?? ''))
}

function pad(text: string, length: Num, filler: string | null, atStart: boolean): string | null {
  const n = toInteger(length)
  if (n > LIMITS.text) throw tooLong()
  spend(Math.max(n, 0))
  const missing = n - countOf(text)
  if (missing <= 0) return n <= 0 ? null : cut(text, 0, n)
  if (filler === null) return text
  const filling = cut(filler.repeat(Math.ceil(missing / countOf(filler))), 0, missing)
  return atStart ? filling + text : text + filling
}

function find(wanted: string | null, text: string | null, start: Num | null): Num | null {
  if (start === null) return null
  const from = Math.max(1, toInteger(start))
  return wanted === null || text === null ? ZERO : new Num(placeOf(searched(text, wanted), wanted, from - 1))
}

function inLocale(locale: string | null, change: (locale?: string) => string): string {
  if (locale === null) return change()
  try {
    return change(locale.replaceAll('_', '-'))
  } catch {
    return change()
  }
}

const upper = (text: string, locale: string | null): string =>
  inLocale(locale, (tag) => (tag ? counted(text).toLocaleUpperCase(tag) : counted(text).toUpperCase()))
const lower = (text: string, locale: string | null): string =>
  inLocale(locale, (tag) => (tag ? counted(text).toLocaleLowerCase(tag) : counted(text).toLowerCase()))

/** Every word with a capital; words are runs of letters and digits. */
const initCap = (text: string): string => counted(text, 8).replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => titled(word))

function titled(word: string): string {
  const [first = ''] = word
  return first.toUpperCase() + word.slice(first.length).toLowerCase()
}

function chr(code: Num): string | null {
  const n = toInteger(code)
  if (n > 0x10ffff) throw fail('BAD_CHARACTER', 'There is no character with such a code.')
  return n <= 0 ? null : String.fromCodePoint(n)
}

function value(text: string): Num {
  const number = parseNumber(text)
  if (!number) throw fail('BAD_NUMBER', 'A text is not a number.', 'Test it first with ISNUMBER.')
  return number
}

const caseDef = (name: string, summary: string, run: (text: string, locale: string | null) => string): FunctionDef =>
  define({
    name,
    group: 'Text',
    signature: `${name}(text, [locale])`,
    summary,
    noSql: 'databases change the case of foreign letters differently',
    overloads: [
      strict(['Text'], 'Text', (text) => run(text, null)),
      lenient(['Text', 'Text'], 'Text', (text, locale) => (text === null ? null : run(text, locale))),
    ],
  })

const padDef = (name: string, summary: string, atStart: boolean): FunctionDef =>
  define({
    name,
    group: 'Text',
    signature: `${name}(text, length, [filler])`,
    summary,
    overloads: [
      strict(['Text', 'Number'], 'Text', (text, n) => pad(text, n, ' ', atStart), {
        sql: ([text, n], build) => padded(build, text!, n!, undefined, atStart),
      }),
      lenient(
        ['Text', 'Number', 'Text'],
        'Text',
        (text, n, filler) => (text === null || n === null ? null : pad(text, n, filler, atStart)),
        { sql: ([text, n, filler], build) => padded(build, text!, n!, filler!, atStart) },
      ),
    ],
  })

const text = (name: string, signature: string, summary: string, ...overloads: readonly Overload[]): FunctionDef =>
  define({ name, group: 'Text', signature, summary, overloads })

export const texts: readonly FunctionDef[] = [
  text(
    'TEXT',
    'TEXT(value)',
    'A number, date, time or picklist as text.',
    strict(['Number'], 'Text', numberText, { sql: ([value], build) => writtenNumber(build, value!) }),
    strict(['Date'], 'Text', formatDate, { sql: ([value], build) => writtenDate(build, value!) }),
    strict(['DateTime'], 'Text', dateTimeText, { sql: ([value], build) => writtenInstant(build, value!) }),
    strict(['Time'], 'Text', formatTimeOfDay, { sql: ([value], build) => writtenTime(build, value!) }),
    strict(['Picklist'], 'Text', (value) => value, { sql: ([value]) => ({ ...value!, type: 'Text' }) }),
  ),
  {
    ...text('VALUE', 'VALUE(text)', 'The number that a text spells.', strict(['Text'], 'Number', value)),
    noSql: 'it reads a number out of a text',
  },
  {
    ...text(
      'ISNUMBER',
      'ISNUMBER(text)',
      'True when a text spells a number.',
      lenient(['Text'], 'Boolean', (text) => text !== null && parseNumber(text) !== undefined, { nullable: false }),
    ),
    noSql: 'it reads a number out of a text',
  },
  text(
    'LEN',
    'LEN(text)',
    'How many characters a text has.',
    lenient(['Text'], 'Number', (text) => (text === null ? ZERO : new Num(countOf(text))), {
      nullable: false,
      sql: ([text], build) => lengthOf(build, text!),
    }),
  ),
  text(
    'LEFT',
    'LEFT(text, count)',
    'The first characters of a text.',
    strict(['Text', 'Number'], 'Text', left, { sql: ([text, n], build) => leftOf(build, text!, n!) }),
  ),
  text(
    'RIGHT',
    'RIGHT(text, count)',
    'The last characters of a text.',
    strict(['Text', 'Number'], 'Text', right, { sql: ([text, n], build) => rightOf(build, text!, n!) }),
  ),
  text(
    'MID',
    'MID(text, start, count)',
    'Characters out of the middle, counted from 1.',
    strict(['Text', 'Number', 'Number'], 'Text', mid, {
      sql: ([text, start, n], build) => middleOf(build, text!, start!, n!),
    }),
  ),
  text(
    'SUBSTR',
    'SUBSTR(text, start, [count])',
    'As MID; a negative start counts from the end.',
    strict(['Text', 'Number'], 'Text', (text, start) => substr(text, start, Infinity), {
      sql: ([text, start], build) => pieceFrom(build, text!, start!),
    }),
    strict(['Text', 'Number', 'Number'], 'Text', (text, start, count) => substr(text, start, toInteger(count)), {
      sql: ([text, start, n], build) => pieceFrom(build, text!, start!, n!),
    }),
  ),
  text(
    'BEGINS',
    'BEGINS(text, start)',
    'True when a text begins with another.',
    lenient(
      ['Text', 'Text'],
      'Boolean',
      (text, start) => (start === null ? true : text === null ? null : text.startsWith(start)),
      { sql: ([text, start], build) => position(build, text!, start!, '= 1') },
    ),
  ),
  text(
    'CONTAINS',
    'CONTAINS(text, part)',
    'True when a text contains another.',
    lenient(
      ['Text', 'Text'],
      'Boolean',
      (text, part) => (part === null ? true : text === null ? null : searched(text, part).includes(part)),
      { sql: ([text, part], build) => position(build, text!, part!, '> 0') },
    ),
  ),
  text(
    'SUBSTITUTE',
    'SUBSTITUTE(text, old, new)',
    'Replaces every occurrence of a text.',
    lenient(['Text', 'Text', 'Text'], 'Text', substitute, { sql: ([text, old, by]) => replaced(text!, old!, by!) }),
  ),
  text(
    'TRIM',
    'TRIM(text)',
    'Without blanks at both ends.',
    strict(['Text'], 'Text', trim, { sql: ([text], build) => trimmed(build, text!) }),
  ),
  {
    ...text(
      'REVERSE',
      'REVERSE(text)',
      'The characters in reverse order.',
      strict(['Text'], 'Text', (text) => [...counted(text, 6)].toReversed().join('')),
    ),
    noSql: 'not every database can turn a text round',
  },
  padDef('LPAD', 'Fills a text at its left, or cuts it, to this length.', true),
  padDef('RPAD', 'Fills a text at its right, or cuts it, to this length.', false),
  caseDef('UPPER', 'In capitals.', upper),
  caseDef('LOWER', 'In small letters.', lower),
  {
    ...text('INITCAP', 'INITCAP(text)', 'Every word with a capital.', strict(['Text'], 'Text', initCap)),
    noSql: 'databases change the case of foreign letters differently',
  },
  text(
    'FIND',
    'FIND(wanted, text, [start])',
    'Where a text stands in another, counted from 1; 0 when it does not.',
    lenient(['Text', 'Text'], 'Number', (wanted, text) => find(wanted, text, ONE), {
      nullable: false,
      sql: ([wanted, text], build) => placeIn(build, wanted!, text!),
    }),
    lenient(['Text', 'Text', 'Number'], 'Number', find, {
      sql: ([wanted, text, start], build) => placeIn(build, wanted!, text!, start!),
    }),
  ),
  {
    ...text('CHR', 'CHR(code)', 'The character with this code.', strict(['Number'], 'Text', chr)),
    noSql: 'databases know other characters by their codes',
  },
  {
    ...text(
      'ASCII',
      'ASCII(text)',
      "The code of a text's first character.",
      strict(['Text'], 'Number', (text) => new Num(text.codePointAt(0)!)),
    ),
    noSql: 'databases know other characters by their codes',
  },
]
