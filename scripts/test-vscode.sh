#!/usr/bin/env bash
# Tests the VS Code extension: its types, its logic, and the packaged extension in a real
# VS Code in a real browser, with gopls beside it. Installs what that takes, once.
# Arguments are test files to run instead of all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$(scripts/editors/vscode.sh --browser)
eval "$tools"
export NODE CODE_SERVER CHROMIUM
scripts/editors/npm.sh
GOPLS=$(go run ./internal/gopls/install)
export GOPLS
PATH=$(dirname "$NODE"):$PATH

cd vscode-extension
node scripts/package.mjs "linux-$(node -p process.arch)" universal
npx --no-install tsc -p test
node scripts/test-extensions.mjs
rm -rf out/e2e
tests=("$@")
[[ $# -gt 0 ]] || tests=('test/**/*.test.ts')
exec node --test --test-concurrency=1 --test-timeout=300000 --test-reporter=spec "${tests[@]}"
