// Replays every record's log and names what is stored otherwise; with --write it adds missing tables and columns and writes what the log says (on SQLite no server may run then): npm run repair [-- --write] [-- RECORD_ID …]
import { mendTables } from '#automation'
import { withOrganisation } from './organisation.ts'

const words = process.argv.slice(2)
const write = words.includes('--write')
const records = words.filter((word) => !word.startsWith('--'))

process.exitCode = await withOrganisation({ exclusive: write }, async (engine) => {
  if (write) await mendTables(engine.database, engine.catalogs.current())
  const report = await engine.repair({
    write,
    ...(records.length > 0 ? { records } : {}),
    tell: ({ record, object, text }) => console.log(`${record} ${object}: ${text}`),
  })
  const left = report.differences - report.mended
  console.log(
    `${report.records} records replayed, ${report.differing} differ in ${report.differences} things, ${report.mended} mended`,
  )
  if (left > 0 && !write) console.log('Nothing was written. To write what the log says: npm run repair -- --write')
  return left > 0 ? 1 : 0
})
