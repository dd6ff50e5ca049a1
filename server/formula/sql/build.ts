import type { Value } from '#util'
import { closureOf, pathOf } from '../compile.ts'
import { LIMITS } from '../limits.ts'
import { Num } from '../numbers.ts'
import { toValue, type Runtime } from '../runtime.ts'
import { isImplied, walk, type Typed, type TypedCall, type TypedField } from '../typed.ts'
import type { FormulaType, SqlEnvironment } from '../types.ts'
import { absolute, SQLITE_MAX, SqlRefusal, type SqlPart } from './part.ts'

type Slot =
  | { readonly kind: 'bind'; readonly value: Value; readonly type: FormulaType }
  | { readonly kind: 'parameter'; readonly name: Parameters<SqlEnvironment['parameter']>[0] }

/** PostgreSQL is told the type of every placeholder; SQLite only that of numbers, which it would else bind as text or a double. */
const CASTS: { readonly [type in FormulaType]?: string } = {
  Number: 'numeric',
  Text: 'text',
  Picklist: 'text',
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'timestamptz',
  Time: 'time',
}

/** Turns typed nodes into SQL. Placeholders are slots until the end, when each occurrence is bound in the order it stands in the text. */
export class SqlBuilder {
  readonly sqlite: boolean
  readonly prefix: string
  private readonly environment: SqlEnvironment
  private readonly slots: Slot[]
  private readonly hops: number

  constructor(environment: SqlEnvironment, prefix = '', slots: Slot[] = [], hops = 0) {
    this.environment = environment
    this.sqlite = environment.dialect === 'sqlite'
    this.prefix = prefix
    this.slots = slots
    this.hops = hops
  }

  /** The SQL of a node; anything without fields, clock or save is worked out now and bound. */
  readonly part = (node: Typed): SqlPart => {
    const part = this.partOf(node)
    if (part.sql.length + (part.guard?.length ?? 0) > LIMITS.text)
      throw new SqlRefusal('it becomes too long a database statement', node)
    return part
  }

  private partOf(node: Typed): SqlPart {
    if (node.kind === 'field') return node.sub ? this.sub(node, node.sub) : this.field(node)
    if (isConstant(node)) return this.constant(node)
    if (node.kind !== 'call') throw new SqlRefusal('it has a mistake', node)
    const part = node.def.sql ? node.def.sql(node, this) : this.refuse(node)
    // Always blank: as the plain word it is of any type, which PostgreSQL would else take for a text.
    return node.type === 'Null' ? { ...this.literal(null, 'Null'), guard: part.guard } : part
  }

  refuse(call: TypedCall): never {
    if (isImplied(call)) throw new SqlRefusal(`a date/time is taken for its day in it, and ${call.def.noSql}`, call)
    const name = call.def.group === 'Operator' ? `"${call.def.name}"` : call.def.name
    throw new SqlRefusal(
      call.def.noSql ? `${name} stands in it, and ${call.def.noSql}` : `${name} works differently in a database`,
      call,
    )
  }

  /** A known value; an error in it is left to the evaluation. */
  private constant(node: Typed): SqlPart {
    try {
      return this.literal(closureOf(node)({ record: {}, now: 0 }), node.type)
    } catch {
      throw new SqlRefusal('a part of it is always an error', node)
    }
  }

  literal(value: Runtime, type: FormulaType): SqlPart {
    const base = { type, nullable: value === null, denominator: 1n, bound: 0n, constant: value }
    if (value === null) return { ...base, sql: this.nullOf(type) }
    if (value instanceof Num) return { ...base, ...this.fraction(value) }
    if (type === 'Boolean') return { ...base, sql: value === true ? 'TRUE' : 'FALSE' }
    if (!CASTS[type]) throw new SqlRefusal('it works with places or several values')
    return { ...base, bound: BigInt(String(value).length), sql: this.bind(toValue(value, type), type) }
  }

  private nullOf(type: FormulaType): string {
    const cast = CASTS[type]
    return cast && !this.sqlite ? `NULL::${cast}` : 'NULL'
  }

  private fraction(value: Num): { sql: string; denominator: bigint; bound: bigint } {
    const digits = value.decimalPlaces()
    if (digits > 18) throw new SqlRefusal('it has a number with more than 18 decimals')
    const whole = BigInt(value.times(new Num(10).pow(digits)).toFixed(0))
    return { sql: this.whole(whole), denominator: 10n ** BigInt(digits), bound: absolute(whole) }
  }

  /** A bound whole number to reckon with; PostgreSQL's own whole numbers would run over. */
  whole(value: bigint): string {
    const fits = absolute(value) <= 9_007_199_254_740_991n
    const slot = this.slot({ kind: 'bind', value: fits ? Number(value) : String(value), type: 'Number' })
    return this.sqlite ? `CAST(${slot} AS INTEGER)` : `${slot}::numeric`
  }

  bind(value: Value, type: FormulaType): string {
    const slot = this.slot({ kind: 'bind', value, type })
    if (this.sqlite) return type === 'Number' ? `CAST(${slot} AS INTEGER)` : slot
    return `${slot}::${type === 'Number' && typeof value === 'number' && Number.isInteger(value) ? 'bigint' : (CASTS[type] ?? 'text')}`
  }

  parameter(name: Parameters<SqlEnvironment['parameter']>[0], type: FormulaType): string {
    const slot = this.slot({ kind: 'parameter', name })
    return this.sqlite ? slot : `${slot}::${CASTS[type] ?? 'text'}`
  }

  private slot(slot: Slot): string {
    return `\ue000${this.slots.push(slot) - 1}\ue000`
  }

  /** Replaces slots by placeholders, each occurrence in the order of the text. */
  finish(sql: string): string {
    return sql.replace(/\ue000(\d+)\ue000/g, (_, index: string) => {
      const slot = this.slots[Number(index)]!
      return slot.kind === 'bind' ? this.environment.bind(slot.value, slot.type) : this.environment.parameter(slot.name)
    })
  }

  private sub(node: TypedField, sub: Typed): SqlPart {
    const inner = new SqlBuilder(
      this.environment,
      this.prefix + (node.field.formulaPrefix ?? ''),
      this.slots,
      this.hops + node.field.hops,
    )
    const part = inner.part(sub)
    if (node.type === 'Boolean')
      return {
        ...part,
        sql: part.nullable && !part.nullIsFalse ? `COALESCE(${part.sql}, FALSE)` : part.sql,
        nullable: false,
      }
    if (node.zero && part.nullable)
      return { ...part, sql: `COALESCE(${part.sql}, 0)`, nullable: false, constant: undefined }
    return { ...part, type: node.type }
  }

  private field(node: TypedField): SqlPart {
    const { field } = node
    const path = pathOf(node, this.prefix)
    if (path.startsWith('$')) return this.global(node, path)
    if (node.type === 'Geolocation' || node.type === 'Null') throw new SqlRefusal('it works with places', node)
    const hops = this.hops + field.hops
    const column = this.environment.column({ ...field, path, hops })
    const nullable = field.nullable || hops > 0
    const base = { type: node.type, sql: column, nullable, denominator: 1n, bound: BigInt(field.length ?? 255) }
    if (node.type === 'Number') return this.numberField(node, column, nullable)
    return node.type === 'Boolean' ? { ...base, nullable: false, nullIsFalse: nullable } : base
  }

  /** A global has one value while a statement runs, which is bound. */
  private global(node: TypedField, path: string): SqlPart {
    const { type, field } = node
    if (!CASTS[type]) throw new SqlRefusal(`${path} is no single value`, node)
    const sql = this.parameter(path.toLowerCase() === '$user.id' ? 'userId' : (path as `$${string}`), type)
    if (type === 'Number') return this.globalNumber(node, sql)
    const base = { type, sql, denominator: 1n, bound: BigInt(field.length ?? 255) }
    return type === 'Boolean' ? { ...base, nullable: false, nullIsFalse: true } : { ...base, nullable: true }
  }

  /** Up to 15 digits: as a double they are exact, and so is the whole number they are rounded to. */
  private globalNumber(node: TypedField, value: string): SqlPart {
    const { scale = 0, precision = 18, percent } = node.field
    if (precision > 15) throw new SqlRefusal(`${node.field.path} may have more than 15 digits`, node)
    const unit = 10n ** BigInt(scale)
    const whole = this.sqlite ? `CAST(round(CAST(${value} AS REAL) * ${unit}) AS INTEGER)` : `(${value} * ${unit})`
    const sql = node.zero ? `COALESCE(${whole}, 0)` : whole
    const denominator = percent ? unit * 100n : unit
    return { type: 'Number', sql, nullable: !node.zero, denominator, bound: 10n ** BigInt(precision) }
  }

  /** SQLite keeps decimals as whole numbers times 10^scale already; PostgreSQL's are multiplied here. */
  private numberField(node: TypedField, column: string, nullable: boolean): SqlPart {
    const scale = node.field.scale ?? 0
    const unit = 10n ** BigInt(scale)
    const stored = this.sqlite ? column : scale === 0 ? `${column}::numeric` : `(${column} * ${unit})`
    const bound = 10n ** BigInt(Math.min(node.field.precision ?? 18, 30))
    const denominator = node.field.percent ? unit * 100n : unit
    const blank = node.zero && nullable
    const bare = {
      sql: column,
      factor: (node.field.percent ? 100n : 1n) * (this.sqlite ? unit : 1n),
      blankIsZero: blank,
    }
    return {
      type: node.type,
      denominator,
      bound,
      nullable: nullable && !blank,
      sql: blank ? `COALESCE(${stored}, 0)` : stored,
      bare,
    }
  }

  /** Refuses whole numbers that SQLite's 64 bits can't hold. */
  checked(part: SqlPart): SqlPart {
    if (part.denominator > 10n ** 30n || part.bound > 10n ** 38n)
      throw new SqlRefusal('its numbers have too many digits')
    if (this.sqlite && (part.bound > SQLITE_MAX || part.denominator > SQLITE_MAX))
      throw new SqlRefusal('its numbers may grow beyond what the embedded database holds exactly')
    return part
  }

  /** The same number over another denominator, a multiple of its own. */
  over(part: SqlPart, denominator: bigint): SqlPart {
    const factor = denominator / part.denominator
    if (factor === 1n) return part
    const bound = part.bound * factor
    if (part.constant instanceof Num)
      return this.checked({
        ...part,
        sql: this.whole(BigInt(part.constant.times(String(denominator)).toFixed(0))),
        denominator,
        bound,
      })
    return this.checked({ ...part, sql: `(${part.sql} * ${factor})`, bare: undefined, denominator, bound })
  }
}

/** Of a date/time: another day in another zone. */
const zoned = ({ def, args }: TypedCall): boolean => def.name === 'DATEVALUE' && args[0]!.type === 'DateTime'

/** No field, no clock, no save, no zone below. */
function isConstant(root: Typed): boolean {
  let constant = true
  walk(root, (node) => {
    if (node.kind === 'field' || node.kind === 'bad' || (node.kind === 'call' && (node.def.varying || zoned(node))))
      constant = false
  })
  return constant
}
