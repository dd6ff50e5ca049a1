// Writes metadata/schemas/ from the kinds of the metadata room: the JSON Schemas that editors and admins use.
import { mkdirSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { schemaFiles } from '#metadata'

const folder = new URL('../../metadata/schemas/', import.meta.url)

/** The schema files as they should lie on disk, formatted like everything else. */
async function formattedSchemas(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const [name, text] of schemaFiles()) {
    const filepath = new URL(name, folder).pathname
    files.set(name, await format(text, { ...(await resolveConfig(filepath)), plugins: [], filepath }))
  }
  return files
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of await formattedSchemas()) writeFileSync(new URL(name, folder), text)
}
