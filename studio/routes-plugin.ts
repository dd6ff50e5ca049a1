/**
 * Writes the studio's addresses beside its pages, so that the server answers any other with 404. They are read where they are defined: in
 * the router, and among the entrances of people who are not signed in.
 */
import { readFileSync } from 'node:fs'
import { parseAst, type Plugin } from 'vite'
import { ENTRANCES } from './src/features/sign-in/entrances.ts'

interface Property {
  readonly key: { readonly value?: unknown }
  readonly value: { readonly type: string; readonly properties?: readonly Property[] }
}
interface Call {
  readonly type: string
  readonly callee?: { readonly name?: string }
  readonly arguments?: readonly { readonly properties?: readonly Property[] }[]
}

/** `'/setup': { '/queue': … }` is `/setup/queue`; what is no address (a layout, the page for any other) is left out. */
function paths(properties: readonly Property[] = [], above = ''): string[] {
  return properties.flatMap(({ key, value }) => {
    if (typeof key.value !== 'string' || !key.value.startsWith('/')) return []
    const path = `${above}${key.value}`
    return value.type === 'ObjectExpression' ? paths(value.properties, path) : [path]
  })
}

function routerPaths(text: string): string[] {
  const { body } = parseAst(text, { lang: 'ts' })
  const calls = body.flatMap((node) => (node.type === 'VariableDeclaration' ? node.declarations.map((d) => d.init as Call | null) : [])) // prettier-ignore
  const router = calls.find((call) => call?.callee?.name === 'createRouter')
  const found = paths(router?.arguments?.[0]?.properties)
  if (found.length === 0) throw new Error('No routes found in router.ts')
  return found
}

export const studioRoutes = (folder: string): string[] => [
  ...routerPaths(readFileSync(`${folder}/router.ts`, 'utf8')),
  ...ENTRANCES,
]

export const routesPlugin = (folder: string): Plugin => ({
  name: 'milepost-routes',
  apply: 'build',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'routes.json', source: JSON.stringify(studioRoutes(folder)) })
  },
})
