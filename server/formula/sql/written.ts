import type { SqlBuilder } from './build.ts'
import { exactScale } from './numbers.ts'
import type { SqlPart } from './part.ts'
import { textPart } from './text.ts'

/** Values written out as TEXT does. */
export function writtenNumber(build: SqlBuilder, part: SqlPart): SqlPart {
  const scale = exactScale(part)
  const tens = 10n ** BigInt(scale)
  const { sql } = build.over(part, tens)
  const more = { guard: part.guard, nullable: part.nullable }
  if (!build.sqlite) {
    const value = scale === 0 ? `(${sql})::numeric` : `((${sql})::numeric / ${tens}::numeric(40, ${scale}))`
    return textPart(`trim_scale(round(${value}, ${scale}))::text`, 60n, more)
  }
  if (scale === 0) return textPart(`CAST(${sql} AS TEXT)`, 60n, more)
  const decimals = `rtrim(printf('.%0${scale}d', abs(${sql}) % ${tens}), '0')`
  const digits = `(CASE WHEN ${sql} < 0 THEN '-' ELSE '' END || (abs(${sql}) / ${tens}) || rtrim(${decimals}, '.'))`
  return textPart(part.nullable ? `CASE WHEN ${sql} IS NOT NULL THEN ${digits} END` : digits, 60n, more)
}

/** SQLite keeps dates and times as the text that is wanted. */
export const writtenDate = (build: SqlBuilder, { sql, nullable, guard }: SqlPart): SqlPart =>
  textPart(build.sqlite ? sql : `to_char(${sql}, 'YYYY-MM-DD')`, 10n, { nullable, guard })

export const writtenTime = (build: SqlBuilder, { sql, nullable, guard }: SqlPart): SqlPart =>
  textPart(build.sqlite ? sql : `to_char(${sql}, 'HH24:MI:SS.MS')`, 12n, { nullable, guard })

export const writtenInstant = (build: SqlBuilder, { sql, nullable, guard }: SqlPart): SqlPart =>
  textPart(
    build.sqlite
      ? `(substr(${sql}, 1, 10) || ' ' || substr(${sql}, 12, 8) || 'Z')`
      : `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"')`,
    20n,
    { nullable, guard },
  )
