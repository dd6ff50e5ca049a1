import { longText } from './long-text.ts'
import type { FieldTypeEntry } from '../types.ts'

/** What a reader sees: tags out, the five named entities back. Never put into the page as HTML. */
function plainText(html: string): string {
  const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' ' }
  return html
    .replaceAll(/<(br|\/p|\/li|\/h\d)[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|nbsp);/g, (entity) => entities[entity] ?? entity)
    .trim()
}

export const richText: FieldTypeEntry = {
  ...longText,
  type: 'RichText',
  label: 'Rich text',
  summary: 'Long text with headings, lists and links.',
  icon: 'richText',
  format: (value) => plainText(String(value ?? '')),
}
