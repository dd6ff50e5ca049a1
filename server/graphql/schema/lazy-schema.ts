/**
 * A GraphQLSchema that builds a type when somebody asks for it by name. Building 8,000 types ahead costs a second; this costs half a millisecond.
 * graphql-js reaches types through few doors (the root types, getType, getTypeMap, the questions about interfaces): these are the ones overridden here.
 */
import { GraphQLObjectType, GraphQLSchema, isObjectType, specifiedDirectives, type GraphQLAbstractType, type GraphQLDirective, type GraphQLField, type GraphQLFieldConfig, type GraphQLInterfaceType, type GraphQLNamedType } from 'graphql' // prettier-ignore

export interface TypeSource {
  /** Names of all types, cheap: no type is built for it. */
  typeNames(): readonly string[]
  build(name: string): GraphQLNamedType | undefined
  readonly query: RootSource
  readonly mutation: RootSource
  readonly subscription: RootSource
  /** Names of the object types behind an interface. */
  possibleTypes(interfaceName: string): readonly string[]
  readonly directives?: readonly GraphQLDirective[]
}

export interface RootSource {
  fieldNames(): readonly string[]
  build(name: string): GraphQLFieldConfig<unknown, unknown> | undefined
}

/** A read-only map whose values are made on first use. */
function lazyMap<T>(
  names: () => readonly string[],
  build: (name: string) => T | undefined,
): { readonly [name: string]: T } {
  const made = new Map<string, T | undefined>()
  let keys: string[] | undefined
  const get = (name: string | symbol): T | undefined => {
    if (typeof name !== 'string') return undefined
    if (!made.has(name)) made.set(name, build(name))
    return made.get(name)
  }
  return new Proxy(Object.create(null), {
    get: (_, name) => get(name),
    has: (_, name) => get(name) !== undefined,
    ownKeys: () => (keys ??= [...new Set(names())]),
    getOwnPropertyDescriptor: (_, name) => ({
      enumerable: true,
      configurable: true,
      writable: false,
      value: get(name),
    }),
  })
}

class LazyRoot extends GraphQLObjectType {
  readonly #fields: ReturnType<GraphQLObjectType['getFields']>
  constructor(name: string, source: RootSource) {
    super({ name, fields: {} })
    this.#fields = lazyMap(source.fieldNames, (field) => {
      const config = source.build(field)
      return config && singleField(name, field, config)
    })
  }
  override getFields(): ReturnType<GraphQLObjectType['getFields']> {
    return this.#fields
  }
}

/** graphql-js turns field configs into fields only inside a type's constructor: a type of one field does it for one field. */
function singleField(
  type: string,
  name: string,
  config: GraphQLFieldConfig<unknown, unknown>,
): GraphQLField<unknown, unknown> {
  return new GraphQLObjectType({ name: type, fields: { [name]: config } }).getFields()[name]!
}

export class LazySchema extends GraphQLSchema {
  readonly #source: TypeSource
  readonly #types: { readonly [name: string]: GraphQLNamedType }
  readonly #roots: { readonly query: LazyRoot; readonly mutation?: LazyRoot; readonly subscription?: LazyRoot }

  constructor(source: TypeSource) {
    super({ assumeValid: true, directives: [...specifiedDirectives, ...(source.directives ?? [])] })
    this.#source = source
    const root = (name: string, from: RootSource) => (from.fieldNames().length ? new LazyRoot(name, from) : undefined)
    this.#roots = {
      query: new LazyRoot('Query', source.query),
      mutation: root('Mutation', source.mutation),
      subscription: root('Subscription', source.subscription),
    }
    const fixed = super.getTypeMap()
    const rootOf = (name: string) => Object.values(this.#roots).find((type) => type?.name === name)
    this.#types = lazyMap(
      () => [
        ...Object.values(this.#roots).flatMap((type) => (type ? [type.name] : [])),
        ...source.typeNames(),
        ...Object.keys(fixed),
      ],
      (name) => rootOf(name) ?? fixed[name] ?? source.build(name),
    )
  }

  /** In the order of the type map; no type is built for it. */
  allTypeNames(): readonly string[] {
    return Reflect.ownKeys(this.#types) as string[]
  }
  override getQueryType(): GraphQLObjectType {
    return this.#roots.query
  }
  override getMutationType(): GraphQLObjectType | undefined {
    return this.#roots.mutation
  }
  override getSubscriptionType(): GraphQLObjectType | undefined {
    return this.#roots.subscription
  }
  override getRootType(operation: string): GraphQLObjectType | undefined {
    return this.#roots[operation as 'query']
  }
  override getTypeMap(): ReturnType<GraphQLSchema['getTypeMap']> {
    // While the parent constructor runs there is no lazy map yet.
    return this.#types as ReturnType<GraphQLSchema['getTypeMap']>
  }
  override getType(name: string): GraphQLNamedType | undefined {
    return this.#types[name]
  }
  override getPossibleTypes(type: GraphQLAbstractType): readonly GraphQLObjectType[] {
    return this.#source
      .possibleTypes(type.name)
      .map((name) => this.#types[name])
      .filter(isObjectType)
  }
  override getImplementations(type: GraphQLInterfaceType): {
    objects: readonly GraphQLObjectType[]
    interfaces: readonly GraphQLInterfaceType[]
  } {
    return { objects: this.getPossibleTypes(type), interfaces: [] }
  }
  override isSubType(abstract: GraphQLAbstractType, maybe: GraphQLObjectType | GraphQLInterfaceType): boolean {
    return this.#source.possibleTypes(abstract.name).includes(maybe.name)
  }
}
