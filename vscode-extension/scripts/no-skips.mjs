// A reporter of Node's test runner that says nothing of tests that pass or fail, and
// makes the run fail when a test was skipped, or when there was none.

export default async function* noSkips(events) {
  let tests = 0
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details.type !== 'suite') tests++
    const how = data.skip !== undefined ? 'SKIPPED' : data.todo !== undefined ? 'TODO' : undefined
    if (how) {
      process.exitCode = 1
      yield `${how} ${data.name} (a skipped test proves nothing: make it run, or take it out)\n`
    }
  }
  if (tests === 0) {
    process.exitCode = 1
    yield 'FAILED: there was no test\n'
  }
}
