#!/usr/bin/env bash
# Takes the pictures of README.md (readme) and of docs/settings.md (hints) again, or only those
# that an argument names: docs/pictures/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go build -o bin/ ./cmd/inlinelens
PATH=$PWD/bin:$(dirname "$(scripts/editors/debian.sh forky nvim neovim)"):$PATH
export PATH
source scripts/editors/ready.sh
[[ $# -gt 0 ]] || set -- readme hints
for which; do
	node "test/pictures/$which.ts"
done
