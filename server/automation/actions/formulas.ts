import { compile } from '#formula'
import type { CompiledFormula } from '#formula'
import { formulaScope } from '#metadata'
import type { ActionDocument, Catalog } from '#metadata'

/** Formulas and merge texts of an action, compiled once for a catalog. */
export interface ActionFormulas {
  readonly formulas: ReadonlyMap<string, CompiledFormula>
  readonly paths: readonly string[]
  /** Why the action can't run, in words. */
  readonly problem?: string
}

const cache = new WeakMap<Catalog, Map<string, ActionFormulas>>()

export function actionFormulas(catalog: Catalog, action: ActionDocument): ActionFormulas {
  const known = cache.get(catalog) ?? new Map<string, ActionFormulas>()
  cache.set(catalog, known)
  const made = known.get(action.name) ?? compileAction(catalog, action)
  known.set(action.name, made)
  return made
}

function compileAction(catalog: Catalog, action: ActionDocument): ActionFormulas {
  const object = catalog.object(action.object)
  if (!object) return { formulas: new Map(), paths: [], problem: `There is no object ${action.object} any more.` }
  const formulas = new Map<string, CompiledFormula>()
  const problems: string[] = []
  for (const [key, source] of Object.entries(sourcesOf(catalog, action))) {
    const { formula, findings } = compile(source, { scope: formulaScope(catalog, object.name) })
    if (formula) formulas.set(key, formula)
    else problems.push(`${key}: ${findings.map((f) => f.message).join(' ')}`)
  }
  const paths = [...new Set([...formulas.values()].flatMap((f) => f.paths))]
  return { formulas, paths, ...(problems.length ? { problem: problems.join(' ') } : {}) }
}

/** Every formula an action evaluates, by the place it stands in; merge fields of its texts are formulas too. */
function sourcesOf(catalog: Catalog, action: ActionDocument): { [place: string]: string } {
  switch (action.type) {
    case 'FieldUpdate':
      return { formula: action.formula }
    case 'Task':
      return { ...action.values, ...mergeFields(action.subject) }
    case 'CreateRecord':
      return { ...action.values }
    case 'OwnerChange':
      return 'formula' in action.to ? { formula: action.to.formula } : {}
    case 'FeedPost':
      return mergeFields(action.body)
    case 'EmailAlert': {
      const template = catalog.emailTemplates.get(action.template)
      return {
        ...mergeFields(template?.subject ?? ''),
        ...mergeFields(template?.body ?? ''),
        ...mergeFields(template?.html ?? ''),
        ...recipientFields(action),
      }
    }
    default:
      return {}
  }
}

function recipientFields(action: Extract<ActionDocument, { type: 'EmailAlert' }>): { [place: string]: string } {
  const fields = [...action.recipients, ...(action.cc ?? [])].flatMap((r) =>
    typeof r === 'object' && 'field' in r ? [r.field] : [],
  )
  return Object.fromEntries(fields.map((field) => [field, field]))
}

const MERGE = /\{!([^{}]+)\}/g

/** `Hello {!Contact.Name}` gives { "Contact.Name": "Contact.Name" }. */
function mergeFields(text: string): { [place: string]: string } {
  return Object.fromEntries([...text.matchAll(MERGE)].map((m) => [m[1]!.trim(), m[1]!.trim()]))
}

/** Puts values in the place of merge fields; a blank gives no text. */
export function merge(text: string, valueOf: (place: string) => unknown): string {
  return text.replace(MERGE, (_, place: string) => {
    const value = valueOf(place.trim())
    return value === null || value === undefined ? '' : String(value)
  })
}

/** The same in HTML: what is put in is text, never markup. */
export const mergeHtml = (html: string, valueOf: (place: string) => unknown): string =>
  merge(html, (place) => String(valueOf(place) ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`))
