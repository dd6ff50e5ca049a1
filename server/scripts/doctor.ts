// Compares the metadata with the database and looks for what failed; changes nothing, so a server may run beside it: npm run doctor
import { formatFinding } from '#util'
import { withOrganisation } from './organisation.ts'

process.exitCode = await withOrganisation({ exclusive: false }, async (engine) => {
  const findings = await engine.diagnose()
  for (const finding of findings) console.log(formatFinding(finding))
  const errors = findings.filter((finding) => finding.severity === 'error').length
  console.log(`${errors} errors, ${findings.length - errors} warnings`)
  return errors > 0 ? 1 : 0
})
