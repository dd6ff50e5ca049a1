const at = (id) => document.getElementById(id)
const EXAMPLE = `query {
  me { name username systemPermissions }
  Case(first: 5, orderBy: [{ NextTargetDate: ASC_NULLS_LAST }]) {
    nodes { Id CaseNumber Subject Priority MilestoneStatus Account { Name } }
    pageInfo { hasNextPage endCursor }
  }
}`

async function ask(query, variables) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}

async function run() {
  at('result').textContent = '…'
  try {
    sessionStorage.setItem('query', at('query').value)
    const answer = await ask(at('query').value, JSON.parse(at('variables').value || '{}'))
    at('result').textContent = JSON.stringify(answer, null, 2)
  } catch (error) {
    at('result').textContent = String(error)
  }
}

at('query').value = sessionStorage.getItem('query') ?? EXAMPLE
at('run').addEventListener('click', run)
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
})
const { data } = await ask('{ me { name } }')
at('who').textContent = data?.me ? `Signed in as ${data.me.name}` : 'Not signed in: sign in to the studio first.'
