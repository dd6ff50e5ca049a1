import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document } from '../documents.ts'
import type { FormulaCompiler } from './formulas.ts'

/** Checks what documents say of each other. */
export function checkDocuments(
  _documents: readonly Document[],
  _catalog: Catalog,
  _formulas: FormulaCompiler,
  _findings: Finding[],
): void {}
