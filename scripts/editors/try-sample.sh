#!/usr/bin/env bash
# Copies the sample program into a folder, with an introduction at the top and the function
# that has most calls right below, so that both are on the first screen.
set -euo pipefail
folder=$1
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mkdir -p "$folder"
cp cmd/inlinelens/demo/sample/go.mod.txt "$folder/go.mod"
sample=cmd/inlinelens/demo/sample/market.go.txt
{
	cat <<-'END'
		// Inlinelens shows at each call whether the Go compiler inlined it, that is, put the body of
		// the function in place of the call. Change something and save: the marks are updated.
		//
		//   ✓              the call was inlined
		//   ✗ 95/80        it was not: the function costs 95, and the budget is 80
		//   Alt+I          marks other calls, such as only those that were not inlined
		//   Alt+Shift+C    shows what each line of the function at the cursor costs
		//
		// The lenses above functions have details. The view Inlinelens on the left lists all.

	END
	# The first pass finds the type Book with the function Add, the second one moves them.
	awk '
		FNR == NR {
			if (/^type Book struct/) first = FNR
			if (/^func \(b \*Book\) Add\(/) add = 1
			if (first) moved = moved $0 "\n"
			if (add && /^}$/) { last = FNR + 1; add = 0; first_line = first; first = 0 }
			next
		}
		FNR < first_line || FNR > last
		/^\)$/ && moved { printf "\n%s", moved; moved = "" }
	' "$sample" "$sample"
} >"$folder/market.go"
