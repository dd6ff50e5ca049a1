const GRAPHQL = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'

/** The response type that an Accept header asks for in the plain cases; undefined leaves the choice to the full server. */
export function parseMediaRange(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*' || accept === '') return JSON_TYPE
  if (accept.includes('q=') || accept.includes('multipart')) return undefined
  const graphql = accept.indexOf(GRAPHQL)
  const json = accept.indexOf(JSON_TYPE)
  if (graphql >= 0 && (json < 0 || graphql < json)) return GRAPHQL
  return json >= 0 || accept.includes('*/*') || accept.includes('application/*') ? JSON_TYPE : undefined
}
