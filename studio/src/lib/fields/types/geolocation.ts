import { PRESENCE, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

interface Point {
  readonly latitude: number
  readonly longitude: number
}

export const geolocation: FieldTypeEntry = {
  type: 'Geolocation',
  label: 'Geolocation',
  summary: 'Latitude and longitude.',
  group: 'Structured',
  icon: 'geolocation',
  control: 'geolocation',
  cell: 'text',
  align: 'start',
  sortable: false,
  operators: PRESENCE,
  options: ['required'],
  format: (value) => (isBlank(value) ? '' : `${(value as Point).latitude}, ${(value as Point).longitude}`),
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || fits(value as Point)
      ? undefined
      : `${field.label} needs a latitude from −90 to 90 and a longitude from −180 to 180.`),
  fromText: (text) => {
    if (text.trim() === '') return null
    const [latitude, longitude, more] = text.split(',').map(Number)
    const point = { latitude: latitude!, longitude: longitude! }
    return more === undefined && fits(point) ? point : undefined
  },
}

const within = (n: unknown, limit: number) => typeof n === 'number' && Math.abs(n) <= limit
const fits = ({ latitude, longitude }: Point): boolean => within(latitude, 90) && within(longitude, 180)
