import { expect, test } from 'vitest'
import { isLocale, isTimeZone } from './text-formats.ts'

const cases: [string, (text: string) => boolean, string[], string[]][] = [
  [
    'a time zone',
    isTimeZone,
    ['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia', 'Asia/Kolkata', 'Etc/GMT+5', 'europe/berlin'],
    ['Mars/Base', 'Berlin', 'Europe/Berlin ', '+05:30', '-08:00', 'GMT+2', '', '2026', 'Europe/Berlin\n'],
  ],
  [
    'a locale',
    isLocale,
    ['en-US', 'de', 'de_DE', 'pt-br', 'zh-Hans-CN', 'es-419', 'fil'],
    ['klingon', 'english', 'de-XX', 'xx', 'en-', '', 'C', 'en US', '../etc'],
  ],
]
test.each(cases)('%s', (_, is, known, unknown) => {
  expect(known.filter((text) => !is(text))).toEqual([])
  expect(unknown.filter(is)).toEqual([])
})
