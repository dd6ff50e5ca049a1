// PostGraphile over a database of ours, from the folder where it is installed: node postgraphile.ts FOLDER DATABASE_URL. Tells its parent the port.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const [folder, connectionString] = process.argv.slice(2) as [string, string]
const installed = createRequire(join(folder, 'package.json'))
const { postgraphile } = installed('postgraphile') as { postgraphile: (preset: object) => { createServ(type: unknown): { addTo(server: object): Promise<void> } } } // prettier-ignore
const { PostGraphileAmberPreset } = installed('postgraphile/presets/amber')
const { makePgService } = installed('postgraphile/adaptors/pg')
const { grafserv } = installed('postgraphile/grafserv/node')

const server = createServer()
await postgraphile({
  extends: [PostGraphileAmberPreset],
  // It hides relations without an index, and takes no index for one that leaves out the rows without a parent.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ connectionString, schemas: ['public'] })],
})
  .createServ(grafserv)
  .addTo(server)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
