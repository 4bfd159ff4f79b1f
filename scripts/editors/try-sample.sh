#!/usr/bin/env bash
# Lays the sample program out in a folder, for people who have not read anything yet:
# with settings that show more than the defaults, and a few words above the function
# that has most to show. Prints the line of that function.
set -euo pipefail
folder=$1
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mkdir -p "$folder/.vscode"
cp cmd/inlinelens/demo/sample/go.mod.txt "$folder/go.mod"
cp scripts/editors/try-sample-settings.json "$folder/.vscode/settings.json"
while IFS= read -r line; do
	if [[ $line == 'func (b *Book) Add('* ]]; then
		cat <<-'END'
			// This program is here to show inlining. Change something and save: the grey words follow.
			//
			// A call takes time. Where it can, the Go compiler puts the body of a function in place of
			// the call: the call is inlined. It does so with simple functions: the cost of one, roughly
			// the number of operations in it, must not exceed a budget, which is 80.
			//
			//   - Grey words behind a name: this is still a call, and why.
			//   - Grey words above a function: whether it can be inlined. A click on them tells more.
			//   - Alt+Shift+C in a function: what each of its lines costs.
			//   - The magnifying glass on the left: all functions and all calls.

		END
	fi
	printf '%s\n' "$line"
done <cmd/inlinelens/demo/sample/market.go.txt >"$folder/market.go"
grep -n -m1 '^func (b \*Book) Add(' "$folder/market.go" | cut -d: -f1
