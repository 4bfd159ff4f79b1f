#!/usr/bin/env bash
# Copies the sample program into a folder, with an introduction in a comment. Prints the line of the function below the comment.
set -euo pipefail
folder=$1
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mkdir -p "$folder"
cp cmd/inlinelens/demo/sample/go.mod.txt "$folder/go.mod"
while IFS= read -r line; do
	if [[ $line == 'func (b *Book) Add('* ]]; then
		cat <<-'END'
			// This program demonstrates inlining. Change something and save: hints and lenses are updated.
			//
			// A call takes time. Where it can, the Go compiler replaces the call by the body of the
			// function: the call is inlined. The compiler does so for simple functions: the cost of one,
			// roughly the number of operations in it, must not exceed a budget, which is 80.
			//
			//   - ✓ after a name: this call was inlined.
			//   - ✗ after a name: this call was not inlined. The figures are the cost and the budget.
			//   - Alt+I: marks other calls, such as only those that were not inlined.
			//   - Lenses above a function: whether it can be inlined. Click one for details.
			//   - Alt+Shift+C in a function: the cost of each of its lines.
			//   - The magnifying glass on the left: all functions and calls.

		END
	fi
	printf '%s\n' "$line"
done <cmd/inlinelens/demo/sample/market.go.txt >"$folder/market.go"
grep -n -m1 '^func (b \*Book) Add(' "$folder/market.go" | cut -d: -f1
