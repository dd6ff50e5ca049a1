import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { KINDS, schemaFiles } from './index.ts'

const folder = new URL('../../metadata/schemas/', import.meta.url)

test('the published schemas are those of the kinds (`npm run golden` writes them)', () => {
  expect(readdirSync(folder).sort()).toEqual([...schemaFiles().keys()].sort())
  for (const [name, text] of schemaFiles())
    expect([name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]).toEqual([name, JSON.parse(text)])
})

test('are valid JSON Schemas, and say of every key what it is for', () => {
  const ajv = new Ajv()
  for (const { kind, schema } of Object.values(KINDS)) {
    expect([kind, ajv.validateSchema(schema)]).toEqual([kind, true])
    const { properties = {} } = schema
    for (const [key, property] of Object.entries(properties))
      if (key !== 'kind' && typeof property === 'object')
        expect([kind, key, typeof property.description]).toEqual([kind, key, 'string'])
  }
})
