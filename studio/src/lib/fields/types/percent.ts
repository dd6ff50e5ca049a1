import { digits, formatNumber, numeric } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

/** Holds the display value: 46 means 46 %. */
export const percent: FieldTypeEntry = {
  ...numeric,
  type: 'Percent',
  label: 'Percent',
  summary: 'A share, entered as it is read: 46 for 46 %.',
  group: 'Numbers',
  icon: 'percent',
  format: (value, field, context) => {
    const shown = formatNumber(value, context, digits(field))
    return shown && `${shown} %`
  },
  fromText: (text, field) => numeric.fromText(text.replace(/%\s*$/, ''), field),
}
