/** A short content hash for naming versions: 64 bits, two mixed 32-bit lanes; not for secrets. */
export function hashText(text: string): string {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b + code, 0x27d4eb2f) ^ (b >>> 15)
  }
  return hex(a ^ (a >>> 16) ^ b) + hex(Math.imul(b ^ (b >>> 13), 0xc2b2ae35) ^ a)
}

const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0')

/** JSON with sorted keys and without undefined, so that equal content has equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`
}
