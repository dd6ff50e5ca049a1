import { spend } from '../work.ts'
import { define, lenient, type FunctionDef } from './define.ts'

/** Quoted text, a comment, what stands in angle brackets, the end of an entry, anything else. None of them can be read in two ways. */
const PIECES = /"(?:\\[\s\S]|[^"\\])*"?|\([^()]*\)?|<([^<>]*)>?|[,;\r\n]|[^"(<,;\r\n]+/g
const ENDS = /^[,;\r\n]$/

/** The e-mail addresses of a header such as `"Doe, J." <doe@example.com>; Team: ana@example.com`, in small letters. */
function addressesIn(header: string): string[] {
  spend(header.length * 4)
  const found: string[] = []
  let [bare, bracketed]: [string, string | undefined] = ['', undefined]
  for (const [piece, inside] of [...header.matchAll(PIECES), [';']] as [string, string?][]) {
    if (ENDS.test(piece)) {
      found.push((bracketed ?? bare).trim().toLowerCase())
      ;[bare, bracketed] = ['', undefined]
    } else if (inside !== undefined) bracketed = inside
    else if (piece.startsWith('"')) bare += piece
    else if (!piece.startsWith('(')) bare = piece.includes(':') ? piece.slice(piece.lastIndexOf(':') + 1) : bare + piece
  }
  return found.filter((address) => address !== '')
}

/** Nothing is not in any list, and several addresses are not one. */
function includesAddress(header: string | null, address: string | null): boolean {
  const [wanted, ...more] = addressesIn(address ?? '')
  return wanted !== undefined && more.length === 0 && addressesIn(header ?? '').includes(wanted)
}

export const addresses: readonly FunctionDef[] = [
  define({
    name: 'INCLUDESADDRESS',
    group: 'Text',
    signature: 'INCLUDESADDRESS(addresses, address)',
    summary:
      'True when one of the e-mail addresses, with ; or , between them, is this one. Names and letter case do not matter.',
    noSql: 'it reads a list of e-mail addresses',
    overloads: [lenient(['Text', 'Text'], 'Boolean', includesAddress, { nullable: false })],
  }),
]
