// Compares the metadata with the database and looks for what failed; changes nothing: npm run doctor
import { formatFinding } from '#util'
import { withOrganisation } from './organisation.ts'

process.exitCode = await withOrganisation(async (engine) => {
  const findings = await engine.diagnose()
  for (const finding of findings) console.log(formatFinding(finding))
  const errors = findings.filter((finding) => finding.severity === 'error').length
  console.log(`${errors} errors, ${findings.length - errors} warnings`)
  return errors > 0 ? 1 : 0
})
