#!/usr/bin/env bash
# Measures, in a real VS Code with gopls beside, how long it takes until hints are on the
# screen: of a file of net/http that is opened, and of a new call after the key that saves
# it. The last line of its output is JSON, in milliseconds; arguments say how many saves
# (30) and how many new windows (5).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/editors/ready.sh
exec node test/bench/screen.ts "$@"
