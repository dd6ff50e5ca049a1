import { fail } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { numberText, type Num } from '../numbers.ts'
import { spend } from '../work.ts'
import { tooLong } from './arithmetic.ts'
import { define, lenient, strict, type FunctionDef } from './define.ts'

const HTML: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const JS: { readonly [char: string]: string } = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '<': '\\u003C',
  '>': '\\u003E',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

const capped = (text: string): string => {
  if (text.length > LIMITS.text) throw tooLong()
  return text
}

/** Each letter is looked at, and may become several. */
const counted = (text: string): string => {
  spend(text.length * 4)
  return text
}

const htmlEncode = (text: string): string => capped(counted(text).replace(/[&<>"']/g, (char) => HTML[char]!))
const jsEncode = (text: string): string =>
  capped(
    counted(text)
      .replace(/[\\"'/*]/g, '\\$&')
      .replace(/[\n\r\t\b\f<>\u2028\u2029]/g, (char) => JS[char]!),
  )
const urlEncode = (text: string): string =>
  capped(
    encodeURIComponent(counted(text).toWellFormed())
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  )

const SCRIPT = /^[\0-\x20]*(?:javascript|data|vbscript):/i

/** A link or image address that would run a script is left empty. */
const safeAddress = (address: string | null): string =>
  address === null || SCRIPT.test(address) ? '' : address.replaceAll('"', '%22')

function hyperlink(url: string | null, label: string | null, target: string | null): string {
  return capped(
    `<a href="${safeAddress(url)}"${target === null ? '' : ` target="${htmlEncode(target)}"`}>${label ?? ''}</a>`,
  )
}

function image(url: string | null, alt: string | null, height: Num | null, width: Num | null): string {
  const size =
    (height === null ? '' : ` height="${numberText(height)}"`) + (width === null ? '' : ` width="${numberText(width)}"`)
  return capped(`<img src="${safeAddress(url)}" alt="${(alt ?? '').replaceAll('"', '&quot;')}"${size}/>`)
}

const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The 18-character form of a 15-character id: one suffix character for the capitals of each five. */
function caseSafeId(id: string): string {
  if (id.length === 18) return id
  if (!/^[0-9A-Za-z]{15}$/.test(id)) throw fail('BAD_ID', 'A text is not a record id of 15 or 18 characters.')
  const bits = (part: string): number => [...part].reduce((sum, char, i) => sum + (/[A-Z]/.test(char) ? 1 << i : 0), 0)
  return id + [0, 5, 10].map((start) => SUFFIX[bits(id.slice(start, start + 5))]).join('')
}

const encoder = (name: string, summary: string, run: (text: string) => string): FunctionDef =>
  define({
    name,
    group: 'Text',
    signature: `${name}(text)`,
    summary,
    noSql: 'it writes for a browser',
    overloads: [strict(['Text'], 'Text', run)],
  })

export const encode: readonly FunctionDef[] = [
  encoder('HTMLENCODE', 'Makes a text safe to show in HTML.', htmlEncode),
  encoder('JSENCODE', 'Makes a text safe inside a JavaScript text.', jsEncode),
  encoder('JSINHTMLENCODE', 'Makes a text safe inside JavaScript that stands in HTML.', (text) =>
    jsEncode(htmlEncode(text)),
  ),
  encoder('URLENCODE', 'Makes a text safe as a part of an address.', urlEncode),
  encoder('CASESAFEID', 'The 18-character form of a record id.', caseSafeId),
  define({
    name: 'BR',
    group: 'Text',
    signature: 'BR()',
    summary: 'A line break.',
    overloads: [strict([], 'Text', () => '\n', { nullable: false })],
  }),
  define({
    name: 'HYPERLINK',
    group: 'Text',
    signature: 'HYPERLINK(url, label, [target])',
    summary: 'A link.',
    noSql: 'it writes for a browser',
    overloads: [
      lenient(['Text', 'Text'], 'Text', (url, label) => hyperlink(url, label, null), { nullable: false }),
      lenient(['Text', 'Text', 'Text'], 'Text', hyperlink, { nullable: false }),
    ],
  }),
  define({
    name: 'IMAGE',
    group: 'Text',
    signature: 'IMAGE(url, alternate_text, [height, width])',
    summary: 'An image.',
    noSql: 'it writes for a browser',
    overloads: [
      lenient(['Text', 'Text'], 'Text', (url, alt) => image(url, alt, null, null), { nullable: false }),
      lenient(['Text', 'Text', 'Number'], 'Text', (url, alt, height) => image(url, alt, height, null), {
        nullable: false,
      }),
      lenient(['Text', 'Text', 'Number', 'Number'], 'Text', image, { nullable: false }),
    ],
  }),
]
