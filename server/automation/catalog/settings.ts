import { placeholders } from '#database'
import type { Reader, Transaction, Dialect } from '#database'

/** Small facts of the installation, by key: the shipped documents' hashes, the manual clock's position. */
export async function readSetting(
  reader: Reader & { readonly dialect: Dialect },
  key: string,
): Promise<string | undefined> {
  const row = await reader.get<{ value: string }>(
    `SELECT value FROM setting WHERE key = ${placeholders(reader.dialect, 1)}`,
    [key],
  )
  return row?.value
}

export async function writeSetting(tx: Transaction, key: string, value: string): Promise<void> {
  await tx.run(
    `INSERT INTO setting (key, value) VALUES (${placeholders(tx.dialect, 2)}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [key, value],
  )
}
