#!/usr/bin/env bash
# Takes the pictures of README.md and docs/ again: docs/pictures/*.png.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go build -o bin/ ./cmd/inlinelens
PATH=$PWD/bin:$(dirname "$(scripts/editors/debian.sh forky nvim neovim)"):$PATH
export PATH
source scripts/editors/ready.sh
node test/pictures/main.ts
exec node test/pictures/hints.ts
