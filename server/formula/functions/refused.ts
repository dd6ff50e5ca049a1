const page = (name: string): readonly [string, string] => [
  name,
  `${name} belongs to Salesforce's own pages and does not exist here.`,
]
const report = (name: string): readonly [string, string] => [
  name,
  `${name} belongs to Salesforce's reports and does not exist here.`,
]

/** Salesforce functions that make no sense outside it, with the sentence that says so. */
export const refused: readonly (readonly [string, string])[] = [
  [
    'GETSESSIONID',
    'GETSESSIONID would put a session key into a record, where others could read it; it does not exist here.',
  ],
  ['GETRECORDIDS', 'GETRECORDIDS belongs to buttons on Salesforce lists and does not exist here.'],
  ['IMAGEPROXYURL', 'IMAGEPROXYURL belongs to Salesforce’s image proxy; use IMAGE.'],
  ['URLFOR', "URLFOR makes addresses of Salesforce's own pages; write the address with HYPERLINK."],
  ['LINKTO', "LINKTO makes links to Salesforce's own pages; use HYPERLINK."],
  ['PREDICT', 'PREDICT belongs to Salesforce Einstein and does not exist here.'],
  page('REQUIRESCRIPT'),
  page('INCLUDE'),
  page('JUNCTIONIDLIST'),
  report('PARENTGROUPVAL'),
  report('PREVGROUPVAL'),
]

const SUBTRACT = 'Subtract the dates: end - start gives the days between them.'

/** Functions of other languages, with what does the same here. */
export const elsewhere: readonly (readonly [string, string])[] = [
  ['LENGTH', 'Use LEN.'],
  ['CONCAT', 'Join texts with &.'],
  ['CONCATENATE', 'Join texts with &.'],
  ['SUBSTRING', 'Use MID.'],
  ['DATEDIFF', SUBTRACT],
  ['DAYS', SUBTRACT],
  ['DATEADD', 'Add a number of days to the date, or use ADDMONTHS.'],
  ['EDATE', 'Use ADDMONTHS.'],
  ['ISEMPTY', 'Use ISBLANK.'],
  ['COALESCE', 'Use BLANKVALUE.'],
  ['REPLACE', 'Use SUBSTITUTE.'],
  ['SWITCH', 'Use CASE.'],
  ['TRUE', 'Write TRUE without parentheses.'],
  ['FALSE', 'Write FALSE without parentheses.'],
]
