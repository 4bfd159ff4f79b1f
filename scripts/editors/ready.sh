# Sourced by scripts that use the extension in a real VS Code and a real browser: installs
# what that takes, once, and packages the extension. It sets NODE, CODE_SERVER, CHROMIUM
# and GOPLS, puts NODE's directory first in PATH, and changes to the extension's directory.
# shellcheck shell=bash

# All three wait for the network or for a compiler most of the time.
scripts/editors/npm.sh </dev/null &
packages=$!
go run ./internal/gopls/install </dev/null >/dev/null &
server=$!
tools=$(scripts/editors/vscode.sh --browser)
eval "$tools"
export NODE CODE_SERVER CHROMIUM
wait "$packages"
wait "$server"
GOPLS=$(go run ./internal/gopls/install)
export GOPLS
PATH=$(dirname "$NODE"):$PATH

cd vscode-extension
node scripts/package.mjs this universal >&2
node scripts/test-extensions.mjs
node test/e2e/install.ts
