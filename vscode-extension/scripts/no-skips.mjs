// A reporter for Node's test runner that fails the run if a test was skipped or if there
// was none. It reports nothing else.

export default async function* noSkips(events) {
  let tests = 0
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details.type !== 'suite') tests++
    const how = data.skip !== undefined ? 'SKIPPED' : data.todo !== undefined ? 'TODO' : undefined
    if (how) {
      process.exitCode = 1
      yield `${how} ${data.name} (run it or remove it)\n`
    }
  }
  if (tests === 0) {
    process.exitCode = 1
    yield 'FAILED: there was no test\n'
  }
}
