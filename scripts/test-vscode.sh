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

rm -rf out/e2e
tests=("$@")
[[ $# -gt 0 ]] || tests=('test/**/*.test.ts')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() {
	node --test --test-concurrency=1 --test-timeout=900000 \
		--test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=./scripts/no-skips.mjs --test-reporter-destination=stdout "$@" | tee "$log"
}
code=0
run "${tests[@]}" || code=$?
if [[ $code != 0 ]]; then
	# A browser and two servers on a busy machine: what fails is tried once more, a whole
	# file at a time, as its steps build on each other. What fails twice has failed.
	mapfile -t failed < <(sed -n '/failing tests:/,$p' "$log" | grep -oE 'test/(e2e|unit)/[a-z-]+\.test\.ts' | sort -u)
	if [[ ${#failed[@]} -gt 0 ]]; then
		echo "test-vscode: FAILED once, and run once more: ${failed[*]}"
		code=0
		run "${failed[@]}" || code=$?
	fi
fi
echo "test-vscode: $([[ $code == 0 ]] && echo passed || echo FAILED) after $SECONDS s; pictures of the screen are in vscode-extension/out/e2e"
exit "$code"
