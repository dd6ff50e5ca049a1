import { catalog } from '../state/catalog.svelte.ts'
import { FormulaScopes } from './formula-scope.svelte.ts'

/** Of the metadata that this user may see. */
export const formulaScopes = new FormulaScopes(catalog)
