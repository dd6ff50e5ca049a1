/** Phones and touch screens get a plain box with the same check. */
export const wantsRichEditor = (): boolean => !matchMedia('(max-width: 600px), (pointer: coarse)').matches

/** The checker and the editor at once, so that neither waits for the other. */
export function fetchEditor(): Promise<typeof import('./FormulaEditor.svelte')> {
  if (wantsRichEditor()) void import('./monaco-box.ts')
  return import('./FormulaEditor.svelte')
}
