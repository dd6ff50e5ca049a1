// Loaded into every server that is measured (node --import): tells its parent the processor time used so far, in milliseconds.
process.on('message', (question) => {
  const { user, system } = process.cpuUsage()
  if (question === 'cpu') process.send?.({ cpu: (user + system) / 1000 })
})
process.channel?.unref()
