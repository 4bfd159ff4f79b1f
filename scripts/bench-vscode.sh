#!/usr/bin/env bash
# Measures, in a real VS Code with gopls beside, how long it takes from the key that
# saves a file of net/http until the hint of a new call is on the screen. The last line
# of its output is JSON, in milliseconds; an argument says how many saves (30).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/editors/ready.sh
exec node test/bench/save.ts "$@"
