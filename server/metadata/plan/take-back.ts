import type { Document } from '../documents.ts'
import { sameJson } from './json.ts'

export interface TakenBack {
  readonly document: Document
  /** Paths that were changed again since, so that they can't go back by themselves. */
  readonly conflicts: readonly string[]
}

type Tree = { readonly [key: string]: unknown }
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const isNames = (value: unknown): value is string[] => Array.isArray(value) && value.every((v) => typeof v === 'string')

/** Takes one change of a document back: what it made of `before` was `after`; what was changed elsewhere since stays as it is at `present`. */
export function takeBack(before: Document, after: Document, present: Document): TakenBack {
  const conflicts: string[] = []
  const document = mergeTrees(before, after, present, '', conflicts) as unknown as Document
  return { document, conflicts }
}

/** The platform's own, which no change writes. */
const KEPT = new Set(['id', 'otherIds', 'physicalName', 'formerColumns', 'calculating'])

function mergeTrees(before: object, after: object, present: object, path: string, conflicts: string[]): object {
  const [b, a, p] = [before as Tree, after as Tree, present as Tree]
  const keys = new Set([...Object.keys(p), ...Object.keys(b)])
  const merged = [...keys].map((key) => [key, mergeKey(b[key], a[key], p[key], `${path}${key}`, conflicts)] as const)
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}

function mergeKey(before: unknown, after: unknown, present: unknown, path: string, conflicts: string[]): unknown {
  if (KEPT.has(path) || sameJson(before, after)) return present
  if (sameJson(after, present) || sameJson(before, present)) return before
  const merged = mergeParts(before, after, present, path, conflicts)
  if (merged === undefined) conflicts.push(path)
  return merged ?? present
}

/** Objects key by key, lists of names name by name, other lists place by place while they are of one length. */
function mergeParts(before: unknown, after: unknown, present: unknown, path: string, conflicts: string[]): unknown {
  if (isTree(before) && isTree(after) && isTree(present))
    return mergeTrees(before, after, present, `${path}.`, conflicts)
  if (!Array.isArray(before) || !Array.isArray(after) || !Array.isArray(present)) return undefined
  if (isNames(before) && isNames(after) && isNames(present)) return mergeNames(before, after, present)
  if (before.length !== after.length || after.length !== present.length) return undefined
  return present.map((value, i) => mergeKey(before[i], after[i], value, `${path}.${i}`, conflicts))
}

function mergeNames(before: string[], after: string[], present: string[]): string[] {
  const kept = present.filter((name) => before.includes(name) || !after.includes(name))
  return [...kept, ...before.filter((name) => !after.includes(name) && !kept.includes(name))]
}
