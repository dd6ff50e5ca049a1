import type { ObjectDocument } from './documents.ts'
import type { AddedField } from './system-fields.ts'

const MILESTONE_STATUSES = [
  { value: 'Compliant', color: 'green' },
  { value: 'At Risk', color: 'amber' },
  { value: 'Open Violation', color: 'red' },
  { value: 'Closed Violation', color: 'gray' },
  { value: 'Not evaluated', color: 'orange' },
]

/** The fields that `enableProcesses` adds. All are the platform's own, but those marked editable. */
export function processFields(object: ObjectDocument): AddedField[] {
  const children = object.name.endsWith('__c') ? `${object.name.slice(0, -3)}s__r` : `${object.name}s`
  return [
    { name: 'EntitlementId', label: 'Entitlement', type: 'Lookup', referenceTo: ['Entitlement'], childRelationshipName: children, deleteConstraint: 'SetNull', indexed: true, editable: true, trackHistory: true },
    { name: 'EntitlementProcessVersionId', label: 'Entitlement Process Version', type: 'Text', length: 80, indexed: true, helpText: 'Full name of the process version this record is pinned to.' },
    { name: 'ProcessRun', label: 'Process Run', type: 'Number', precision: 9, scale: 0, helpText: 'Counts up each time the process starts anew on this record.' },
    { name: 'SlaStartDate', label: 'Entitlement Process Start Time', type: 'DateTime', editable: true, trackHistory: true },
    { name: 'SlaExitDate', label: 'Entitlement Process End Time', type: 'DateTime' },
    { name: 'IsPaused', label: 'Paused', type: 'Checkbox' },
    { name: 'PausedSince', label: 'Paused Since', type: 'DateTime' },
    { name: 'PauseReason', label: 'Pause Reason', type: 'Text', length: 255 },
    { name: 'BusinessHoursId', label: 'Business Hours', type: 'Lookup', referenceTo: ['BusinessHours'], deleteConstraint: 'Restrict', editable: true, helpText: 'Used where neither the milestone nor the process names hours.' },
    { name: 'MilestoneStatus', label: 'Milestone Status', type: 'Picklist', indexed: true, valueSet: { restricted: true, values: MILESTONE_STATUSES } },
    { name: 'NextTargetDate', label: 'Next Target', type: 'DateTime', indexed: true, helpText: 'The earliest target among the open milestones.' },
    { name: 'NextMilestoneId', label: 'Next Milestone', type: 'Lookup', referenceTo: ['RecordMilestone'], deleteConstraint: 'SetNull' },
  ] // prettier-ignore
}
