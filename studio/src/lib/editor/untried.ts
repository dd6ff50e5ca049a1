import { FUNCTIONS, type CompiledFormula } from '#formula'

export interface Untried {
  readonly words: string
  /** There is no result at all. */
  readonly blocks: boolean
}

const WATCHES_CHANGE = ['ISNEW', 'ISCHANGED', 'PRIORVALUE', 'ISCLONE']
/** Answered by the server from what it holds for a save: other records, rates. */
const ASKS_SERVER = ['VLOOKUP', 'CURRENCYRATE']

/** What of a formula is not as it will be when it is tried on a record, in words; undefined when all of it is. */
export function untried({ analysis, paths }: CompiledFormula): Untried | undefined {
  const used = [...analysis.functions]
  const away = used.filter((name) => ASKS_SERVER.includes(name) || FUNCTIONS.get(name)?.group === 'Business time')
  if (paths.some((path) => path.startsWith('$Setup.'))) away.push('$Setup')
  if (away.length > 0)
    return {
      words: `${away.join(', ')} can’t be tried here: the answer comes from other records and calendars when a record is saved or read. Save it, then look at a record.`,
      blocks: true,
    }
  const watching = used.filter((name) => WATCHES_CHANGE.includes(name))
  if (watching.length === 0) return undefined
  const sees = watching.length === 1 ? 'sees' : 'see'
  return {
    words: `As if the record were saved now without a change: ${watching.join(', ')} ${sees} none.`,
    blocks: false,
  }
}
