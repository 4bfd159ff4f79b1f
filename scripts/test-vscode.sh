#!/usr/bin/env bash
# Tests the VS Code extension: its types, its logic, and the packaged extension in a real
# VS Code in a real browser, with gopls beside it. Installs what that takes, once.
# Arguments are test files to run instead of all. A skipped test is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

echo 'test-vscode: installing VS Code, a browser and gopls, unless they are there; packaging the extension'
source scripts/editors/ready.sh
node ../node_modules/typescript/bin/tsc -p test
echo "test-vscode: ready after $SECONDS s"

[[ $# -gt 0 ]] || rm -rf out/e2e
code=0
run() {
	node --test --test-concurrency=2 --test-timeout=1800000 \
		--test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=./scripts/no-skips.mjs --test-reporter-destination=stdout "$@" || code=1
}
if [[ $# -gt 0 ]]; then
	run "$@"
else
	run 'test/unit/*.test.ts'
	# Two editors at a time: each waits a lot, for the other servers and for the screen.
	run 'test/e2e/*.test.ts'
fi
echo "test-vscode: $([[ $code == 0 ]] && echo passed || echo FAILED) after $SECONDS s; screenshots are in vscode-extension/out/e2e"
exit "$code"
