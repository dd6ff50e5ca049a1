/** The formula room's shapes as its callers see them. The room knows no catalog: a Scope says what a path means, an EvaluationContext gives values. */
import type { Finding, Instant, Row, Value } from '#util'

export type FormulaType =
  | 'Number' | 'Text' | 'Boolean' | 'Date' | 'DateTime' | 'Time' | 'Geolocation' | 'Picklist' | 'MultiselectPicklist' | 'Null' // prettier-ignore

/** What a path such as `Account.Tier__c`, `Owner:User.Email` or `$User.Id` means. */
export interface FieldInfo {
  /** Canonical dotted path in the metadata's own letter case; the key under which the value stands in a Row. */
  readonly path: string
  readonly label?: string
  readonly type: FormulaType
  /** The row holds the display value (46 = 46 %); the formula sees it divided by 100. */
  readonly percent?: boolean
  readonly scale?: number
  readonly precision?: number
  /** Characters; a Text value is cut to it by the host, not here. */
  readonly length?: number
  /** False only for checkboxes and required system fields. */
  readonly nullable: boolean
  /** Its value moves with the time of day, as NOW() does: refused where that is. */
  readonly moving?: boolean
  readonly picklistValues?: readonly string[]
  /** The field is itself a formula: evaluated first, raw and unrounded. */
  readonly formula?: CompiledFormula
  /** The prefix its own references are read under, e.g. `Account.` for `Account.Score__c`. */
  readonly formulaPrefix?: string
  /** How many lookups are followed; 0 on the record itself. */
  readonly hops: number
  /** The same for every record until the metadata changes (a custom label): compiled in as a literal. */
  readonly constant?: Value
  /** The path names a field of another object and has no value (`$ObjectType.Rate__c.Fields.Name`); only VLOOKUP takes it. `searchable`: by an index. */
  readonly names?: { readonly object: string; readonly field: string; readonly searchable: boolean }
}

export interface Completion {
  readonly name: string
  readonly label?: string
  readonly type: FormulaType | 'Relationship'
}

export interface Scope {
  /** `name` of the thing formulas stand on, for messages: "No field Priorty on Case." */
  readonly name: string
  /** Any letter case. Undefined when nothing has that path. */
  resolve(path: readonly string[]): FieldInfo | undefined
  /** What may follow these segments ([] = the record's own fields and relationships, `$` globals included). */
  complete(prefix: readonly string[]): readonly Completion[]
  /** Why nothing has that path, where more can be said than that there is no such field. */
  explain?(path: readonly string[]): string | undefined
}

export interface FormulaOptions {
  readonly scope: Scope
  /** The type that the place needs; absent = any. Percent and Currency are Number. */
  readonly returnType?: FormulaType
  /** The formula field is a percent: its result is shown times 100. */
  readonly percent?: boolean
  /** Result rounded HALF_UP to this many digits; absent = raw. */
  readonly scale?: number
  /** How blank number fields count; default `zero`. */
  readonly blanks?: 'zero' | 'blank'
  /** Functions this place refuses, with the sentence that says why, by upper-case name (criteria refuse NOW, for one). */
  readonly refuse?: { readonly [functionName: string]: string }
  /** The formula may be stored from a time when its patterns were not checked: a bad one is a warning, so that it still loads, and an error when evaluated. */
  readonly stored?: boolean
}

export interface Reference extends FieldInfo {
  /** Where it stands in the source, every occurrence. */
  readonly at: readonly { readonly start: number; readonly end: number }[]
}

export interface Analysis {
  readonly source: string
  readonly type: FormulaType | undefined
  readonly findings: readonly Finding[]
  /** Direct references, without those of sub-formulas. */
  readonly references: readonly Reference[]
  /** Upper-case function names used, sub-formulas included (`NOW`, `ISCHANGED`, `BUSINESSADD` …). */
  readonly functions: ReadonlySet<string>
  /** No NOW, TODAY, TIMENOW, `$User` …: the same record always gives the same value. */
  readonly deterministic: boolean
}

export interface CompiledFormula {
  readonly source: string
  readonly type: FormulaType
  readonly analysis: Analysis
  /** Canonical paths that must stand in the row, sub-formulas' own included. */
  readonly paths: readonly string[]
  /** Those of them that can matter while the record is being created: not what stands behind NOT(ISNEW()) or ISCHANGED(…). */
  readonly pathsWhenNew: readonly string[]
  /** Same context, same result; never throws for anything a formula or a record holds. */
  evaluate(context: EvaluationContext): FormulaResult
}

export type FormulaResult =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly finding: Finding }

/** The calendar functions a business-hours calendar offers; instants and milliseconds. `undefined` = never opens again. */
export interface FormulaCalendar {
  add(at: Instant, ms: number): Instant | undefined
  diff(from: Instant, to: Instant): number
  addDays(at: Instant, days: number): Instant | undefined
  /** The next business day strictly after `at`'s local day, at this wall-clock time (ms since midnight). */
  nextBusinessDay(at: Instant, timeOfDay: number): Instant | undefined
  isOpen(at: Instant): boolean
}

export interface EvaluationContext {
  /** Values by canonical path, parents flattened (`Account.Tier__c`), globals too (`$User.Id`). A missing key is a blank. Give it a null prototype. */
  readonly record: Row
  /** The record before this save; absent when it is new. ISNEW is `prior === undefined`. */
  readonly prior?: Row
  readonly isClone?: boolean
  /** One instant for the whole evaluation. */
  readonly now: Instant
  /** IANA zone of TODAY and DATEVALUE; default UTC. */
  readonly timeZone?: string
  readonly calendar?: FormulaCalendar
  /** VLOOKUP, CURRENCYRATE: answered by the host from what it prefetched; undefined = not available here. */
  lookup?(kind: string, args: readonly Value[]): Value | undefined
}

/** What the SQL back end asks of the records room. Every text it returns is made from the catalog; every value is bound. */
export interface SqlEnvironment {
  readonly dialect: 'sqlite' | 'postgres'
  /** SQL text of a referenced column in its storage form, e.g. `t1."c_priority"`; joins are collected by the host. */
  column(reference: FieldInfo): string
  /** Binds a literal in its JSON form; returns the placeholder text. */
  bind(value: Value, type: FormulaType): string
  /** Placeholder of a per-request value: the instant, today's date, the zone, the user's id, or a global such as `$User.Title` in its JSON form. */
  parameter(name: 'now' | 'today' | 'timeZone' | 'userId' | `$${string}`): string
}

export type SqlResult =
  /** `guard`: SQL predicate that is true where evaluation would be an error; absent = never an error. */
  | {
      readonly ok: true
      /** A Boolean's is never NULL unless it was asked for a WHERE clause, where NULL counts as false; a number's is what a number column of `scale` holds: SQLite a whole number times 10^scale, PostgreSQL a numeric. */
      readonly sql: string
      readonly guard?: string
      readonly type: FormulaType
      /** Numbers: the decimals of `sql`. */
      readonly scale?: number
    }
  | { readonly ok: false; readonly finding: Finding }
