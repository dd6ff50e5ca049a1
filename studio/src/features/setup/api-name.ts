/** API names made from labels, as an admin would type them. */

/** `Customer's region (EMEA)` → `Customers_region_EMEA__c`. Accents fold; what is left begins with a letter. */
export function apiNameOf(label: string): string {
  const words = label
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F'’]/g, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 37)
    .replace(/_+$/, '')
  if (!words) return ''
  return `${/^[A-Za-z]/.test(words) ? words : `X${words}`}__c`
}

/** A plain sentence when a custom API name will not do. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!name) return 'Give it an API name.'
  if (!name.endsWith('__c')) return 'A custom API name ends in __c.'
  if (!/^[A-Za-z]\w*__c$/.test(name) || /__/.test(name.slice(0, -3)))
    return 'Use letters, digits and single underscores, beginning with a letter.'
  return taken.some((t) => t.toLowerCase() === name.toLowerCase())
    ? `${name} is taken already. Choose another.`
    : undefined
}

/** A good guess that the admin can overwrite. */
export function pluralOf(label: string): string {
  if (/[^aeiou]y$/i.test(label)) return `${label.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/i.test(label) ? `${label}es` : label ? `${label}s` : ''
}
