// The one place of the room that reads files: a folder of JSON documents, as shipped under metadata/ or exported by an admin.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '#util'
import type { Document } from './documents.ts'
import { parseJson } from './parse-json.ts'
import { documentPath } from './report.ts'
import { isRowDocument, type AnyDocument, type RowDocument } from './row-document.ts'
import { validateDocuments } from './validate.ts'

export interface LoadResult {
  /** Documents that passed their schema; a wrong one is left out and has findings. */
  readonly documents: readonly Document[]
  /** Rows of set-up objects; they are saved, not compiled. */
  readonly rows: readonly RowDocument[]
  readonly findings: readonly Finding[]
}

/** Folders beside the documents that hold no documents. */
const NOT_DOCUMENTS = new Set(['data', 'schemas'])

/**
 * Reads every document below the folders, in the order of their paths; one that a later folder has too is taken from there. Never throws for what a
 * file holds; a missing folder is a finding.
 */
export function loadDocuments(...folders: readonly string[]): LoadResult {
  const loaded = folders.map(loadFolder)
  return {
    documents: lastOfEach(loaded.flatMap((each) => each.documents)),
    rows: lastOfEach(loaded.flatMap((each) => each.rows)),
    findings: loaded.flatMap((each) => each.findings),
  }
}

const lastOfEach = <D extends AnyDocument>(documents: readonly D[]): D[] => [
  ...new Map(documents.map((document) => [`${document.kind} ${document.name}`, document])).values(),
]

function loadFolder(folder: string): LoadResult {
  const findings: Finding[] = []
  const files = listFiles(folder, findings)
  const parsed: { file: string; document: unknown }[] = []
  for (const file of files) {
    const result = parseJson(readFileSync(join(folder, file), 'utf8'))
    if ('problem' in result) findings.push(invalidJson(file, result.problem))
    else parsed.push({ file, document: result.value })
  }
  const wrong = validateDocuments(parsed)
  findings.push(...wrong)
  const bad = new Set(wrong.filter((f) => f.severity === 'error').map((f) => f.file))
  const good = parsed.filter((p) => !bad.has(p.file)) as { file: string; document: AnyDocument }[]
  for (const { file, document } of good) checkPlace(file, document, findings)
  const all = good.map((p) => p.document)
  return { documents: all.filter((d): d is Document => !isRowDocument(d)), rows: all.filter(isRowDocument), findings }
}

function listFiles(folder: string, findings: Finding[]): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.endsWith('.json'))
      .map((e) => join(e.parentPath, e.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''))
      .filter((path) => !NOT_DOCUMENTS.has(path.split('/')[0] ?? ''))
      .sort()
  } catch {
    findings.push({
      code: 'NO_FOLDER',
      severity: 'error',
      message: `The folder ${folder} can't be read.`,
      hint: 'Check that it exists.',
      file: folder,
    })
    return []
  }
}

const invalidJson = (file: string, problem: string): Finding => ({
  code: 'INVALID_JSON', severity: 'error', file, message: `This file is not valid JSON: ${problem}.`, hint: 'Correct it and load again.',
}) // prettier-ignore

/** A document lies where its kind and name say, so that findings and people find it. */
function checkPlace(file: string, document: AnyDocument, findings: Finding[]): void {
  const place = documentPath(document.kind, document.name)
  if (file === place) return
  findings.push({
    code: 'WRONG_PLACE',
    severity: 'warning',
    file,
    path: 'name',
    message: `The ${document.kind} ${document.name} belongs into ${place}.`,
    hint: 'Move the file or correct its name.',
  })
}
