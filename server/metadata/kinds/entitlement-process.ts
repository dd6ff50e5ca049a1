import { nameProblem } from '../names.ts'
import type { EntitlementProcessDocument } from '../documents.ts'
import { amountSchema, beforeSchema, offsetSchema, targetSchema } from './amount.ts'
import { checkProcess } from './entitlement-process-checks.ts'
import { processSlots } from './entitlement-process-slots.ts'
import type { KindEntry } from './kind.ts'
import { documentSchema, exactlyOne, flag, formula, list, longText, oneOf, record, text, whole } from './schema.ts'

const actions = list(text('The name of an action.'), 'Actions, in order.', { uniqueItems: true })
const pauses = list(
  record(
    {
      name: text('What the rule is called.'),
      when: formula('Paused while this holds. Boolean.'),
      reason: text('Shown as the reason.'),
    },
    ['name', 'when'],
  ),
  'Rules that pause the clock.',
)

const completion = list(
  {
    ...record(
      {
        object: text('The watched object, e.g. EmailMessage; absent = the record itself.'),
        through: text('Its reference to the record, e.g. ParentId.'),
        when: formula('Completes the milestone when it holds for a saved record. Boolean.'),
        at: formula(
          'When it happened, where the record says so, e.g. MessageDate; absent or blank = the save in which the rule became true. DateTime.',
        ),
      },
      ['when'],
    ),
    dependencies: { object: ['through'], through: ['object'] },
  },
  'Rules that complete the milestone.',
)

const warning = record({ before: beforeSchema, actions }, ['before', 'actions'])
const violation = {
  ...record(
    {
      after: offsetSchema,
      every: amountSchema,
      times: whole('Most repeats of `every`.', 1, 1000),
      missed: oneOf(
        ['collapse', 'each'],
        'Repeats that fell due while nobody looked, as in a down time, fire once with their count, or each; default collapse.',
      ),
      actions,
    },
    ['after', 'actions'],
  ),
  dependencies: { missed: ['every'] },
}

const milestone = record(
  {
    name: text('Key of this item, stable across versions.'),
    milestone: text('The name of the Milestone row.'),
    when: formula('Applies when this holds; absent = always. Boolean.'),
    start: oneOf(
      ['process', 'criteria'],
      'Counts from the start of the process, or from when its criteria hold; default process.',
    ),
    target: targetSchema,
    recalculateOn: oneOf(
      ['criteriaFields', 'always', 'never'],
      'When the target is computed again; default criteriaFields.',
    ),
    businessHours: text('The name of the BusinessHours row.'),
    pauses,
    completion,
    resetWhen: formula('Cancels the running one and starts a new one. Boolean.'),
    after: list(
      text('The name of a milestone of this process.'),
      'Milestones that must be completed in this run first.',
      { uniqueItems: true },
    ),
    agreementType: oneOf(['SLA', 'OLA'], 'Promised to the customer or among ourselves; default SLA.'),
    owner: formula("Whose promise it is: a User's or Group's id; default the record's owner. Text."),
    successActions: actions,
    warnings: list(warning, 'Steps before the target.', { maxItems: 100 }),
    violations: list(violation, 'Steps at or after the target.', { maxItems: 100 }),
  },
  ['name', 'milestone', 'target'],
)

export const entitlementProcessKind: KindEntry<EntitlementProcessDocument> = {
  kind: 'EntitlementProcess',
  label: 'Entitlement process',
  schema: documentSchema(
    'EntitlementProcess',
    'The process and its version: Standard_Support_v1.',
    {
      process: text('API name shared by all versions.'),
      version: whole('1, 2, 3 …', 1),
      versionNotes: longText('What changed.'),
      label: text('What people read.'),
      object: text('The object whose records it tracks.'),
      status: oneOf(['draft', 'active', 'inactive'], 'An active version never changes; copy it to a new one.'),
      isDefault: flag('The version that new records get.'),
      entry: exactlyOne(
        record(
          { dateField: text('A DateTime field.'), when: formula('Boolean.') },
          [],
          'When a record enters; default its created date.',
        ),
        ['dateField', 'when'],
      ),
      exit: record(
        {
          when: formula("When a record leaves; default the object's closedWhen. Boolean."),
          onExit: oneOf(['auto', 'complete', 'cancel', 'keep'], 'What becomes of open milestones; default auto.'),
        },
        [],
        'When a record leaves, and what becomes of its open milestones.',
      ),
      onReopen: oneOf(['resume', 'restart', 'ignore'], 'What happens when a record comes back; default resume.'),
      businessHours: text('The name of the BusinessHours row.'),
      timeZoneField: text("The record's Text field that holds an IANA zone to use instead of the hours' own."),
      pauses,
      fireLateSteps: flag('A late attach fires warning steps that are already past.'),
      strict: flag('An error of the process fails the save.'),
      milestones: list(milestone, 'Items of one milestone are tried in this order.', { minItems: 1, maxItems: 100 }),
    },
    ['process', 'version', 'label', 'object', 'status', 'milestones'],
  ),
  slots: processSlots,
  check(document, catalog, report) {
    const problem = nameProblem(document.process)
    if (problem)
      report({
        code: 'BAD_NAME',
        path: 'process',
        message: `The name ${document.process} ${problem}.`,
        hint: 'Choose another API name.',
      })
    checkProcess(document, catalog, report)
  },
}
