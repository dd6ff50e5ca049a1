/** The floor plan: a room imports only from rooms to its left, through its index.ts. Run by `npm run floor-plan`. */
const ROOMS = {
  util: [],
  formula: ['util'],
  'business-hours': ['util', 'formula'],
  metadata: ['util', 'formula', 'business-hours'],
  process: ['util', 'formula', 'business-hours', 'metadata'],
  database: ['util'],
  records: ['util', 'formula', 'business-hours', 'metadata', 'database'],
  automation: ['util', 'formula', 'business-hours', 'metadata', 'process', 'database', 'records'],
  graphql: ['util', 'formula', 'business-hours', 'metadata', 'process', 'database', 'records', 'automation'],
  http: ['util', 'formula', 'business-hours', 'metadata', 'process', 'database', 'records', 'automation', 'graphql'],
}
/** Pure rooms may be imported by the studio. */
const STUDIO_MAY = ['util', 'formula', 'business-hours', 'metadata']
const TESTS = '\\.test\\.ts$|/bench\\.ts$|/vectors/|/cases/|^server/test/|^server/scripts/'

const roomRules = Object.entries(ROOMS).flatMap(([room, allowed]) => [
  {
    name: `${room}-imports-only-to-its-left`,
    severity: 'error',
    from: { path: `^server/${room}/`, pathNot: TESTS },
    to: { path: '^server/', pathNot: [`^server/${room}/`, ...allowed.map((r) => `^server/${r}/`)].join('|') },
  },
  {
    name: `${room}-is-entered-through-its-index`,
    severity: 'error',
    from: { path: '^server/', pathNot: `^server/${room}/|${TESTS}` },
    to: { path: `^server/${room}/`, pathNot: `^server/${room}/(index|load|types|import-holidays)\\.ts$` },
  },
])

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'a-room-does-not-import-its-own-index',
      severity: 'error',
      from: { path: '^server/([^/]+)/', pathNot: `${TESTS}|/testing|/test/` },
      to: { path: '^server/$1/index\\.ts$' },
    },
    {
      name: 'pure-rooms-do-no-io',
      severity: 'error',
      from: {
        path: '^server/(util|formula|business-hours|metadata|process)/',
        pathNot: `${TESTS}|^server/metadata/load\\.ts$|import-holidays\\.ts$|mutants\\.ts$`,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'studio-imports-only-pure-rooms',
      severity: 'error',
      from: { path: '^studio/' },
      to: { path: '^server/', pathNot: `^server/(${STUDIO_MAY.join('|')})/` },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|studio/dist' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.svelte'],
    },
  },
}
