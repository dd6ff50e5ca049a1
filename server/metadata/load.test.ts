import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadDocuments } from './load.ts'
import { parseJson } from './parse-json.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metadata-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const template = (name: string) =>
  JSON.stringify({ kind: 'EmailTemplate', name, object: 'Case', subject: 's', body: 'b' })

test('documents are read in the order of their paths; data is none', () => {
  write('emailTemplates/B.json', template('B'))
  write('emailTemplates/A.json', `\uFEFF${template('A')}`)
  write('data/rows.json', '{"object": "Case"}')
  const { documents, findings } = loadDocuments(folder)
  expect(findings).toEqual([])
  expect(documents.map((d) => d.name)).toEqual(['A', 'B'])
})

test('invalid JSON is named with line and column, and the other files are still read', () => {
  write('emailTemplates/A.json', '{\n  "kind": "EmailTemplate",\n  "name": }\n')
  write('emailTemplates/B.json', template('B'))
  write('emailTemplates/C.json', '{"kind": ')
  const { documents, findings } = loadDocuments(folder)
  expect(documents.map((d) => d.name)).toEqual(['B'])
  expect(findings.map((f) => [f.code, f.file])).toEqual([
    ['INVALID_JSON', 'emailTemplates/A.json'],
    ['INVALID_JSON', 'emailTemplates/C.json'],
  ])
  expect(findings[0]?.message).toMatch(/line 3, column 11\./)
  expect(findings[1]?.message).toMatch(/ends too early at line 1/)
})

test.each([
  ['{"a": 1,}', 1, 9],
  ['{"a" 1}', 1, 6],
  ['[1 2]', 1, 4],
  ["{'a': 1}", 1, 2],
  ['{"a": "x\ny"}', 1, 7],
  ['{"a": [1, {"b": tru}]}', 1, 17],
  ['{} x', 1, 4],
  ['[', 1, 2],
  ['', 1, 1],
])('%j stops being JSON at line %i, column %i', (text, line, column) => {
  expect(parseJson(text)).toEqual({ problem: expect.stringMatching(new RegExp(`at line ${line}, column ${column}$`)) })
})

test('a document in the wrong place, and a wrong one', () => {
  write('somewhere/A.json', template('A'))
  write('actions/B.json', '{"kind": "Action", "name": "B"}')
  const { documents, findings } = loadDocuments(folder)
  expect(documents.map((d) => d.name)).toEqual(['A'])
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'WRONG_PLACE', severity: 'warning', file: 'somewhere/A.json' }),
  )
  expect(findings).toContainEqual(expect.objectContaining({ code: 'BAD_VALUE', file: 'actions/B.json', path: 'type' }))
})

test('a folder that is not there', () => {
  expect(loadDocuments(join(folder, 'none')).findings).toEqual([expect.objectContaining({ code: 'NO_FOLDER' })])
})
