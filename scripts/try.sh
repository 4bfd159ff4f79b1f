#!/usr/bin/env bash
# Starts a real VS Code in the browser, with the extension and gopls, on the sample
# program or on the folder given as an argument, and prints its address. Ctrl-C ends it
# and removes its files. PORT is the port, HOST the address to listen on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# With set -m, each background job has a process group of its own.
set -m

work=$(mktemp -d "${TMPDIR:-/tmp}/inlinelens-try-XXXXXX")
# Sockets and temporary files of everything started are removed with the directory.
mkdir "$work/tmp"
export TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/tmp
group=
finish() {
	trap '' INT TERM
	if [[ -n $group ]]; then
		kill -TERM -- "-$group" 2>/dev/null || true
		for _ in {1..50}; do
			kill -0 -- "-$group" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL -- "-$group" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 0' INT # the regular end
trap 'exit 143' TERM

tools=$(scripts/editors/vscode.sh)
eval "$tools"
scripts/editors/npm.sh
echo 'try: building the extension with its server' >&2
(cd vscode-extension && node scripts/package.mjs "linux-$(node -p process.arch)" && node scripts/test-extensions.mjs) >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
echo 'try: looking for gopls; the first time it is built, which takes minutes' >&2
GOPLS=$(go run ./internal/gopls/install)
export GOPLS

if [[ $# -gt 0 ]]; then
	folder=$(cd "$1" && pwd -P)
	open=
else
	# A copy, for the user to edit.
	folder=$work/sample
	line=$(scripts/editors/try-sample.sh "$folder")
	open=$folder/market.go:$line:1
fi

mkdir -p "$work/data/User"
cp scripts/editors/try-settings.json "$work/data/User/settings.json"
printf 'auth: none\n' >"$work/config.yaml"
code=(env XDG_DATA_HOME="$work" "$NODE" "$CODE_SERVER" --config "$work/config.yaml" --user-data-dir "$work/data" --extensions-dir "$work/extensions")
for vsix in vscode-extension/out/inlinelens-*-"linux-$(node -p process.arch)".vsix vscode-extension/out/gopls-beside.vsix; do
	"${code[@]}" --install-extension "$PWD/$vsix" >"$work/log" 2>&1 </dev/null || {
		cat "$work/log" >&2
		exit 1
	}
done

host=${HOST:-127.0.0.1}
port=${PORT:-$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')}
"${code[@]}" --bind-addr "$host:$port" --auth none --disable-telemetry --disable-update-check --disable-workspace-trust \
	--vscode-option force-disable-user-env >"$work/log" 2>&1 </dev/null &
group=$!

address=http://$host:$port/?folder=$folder
[[ -z $open ]] || address+="&payload=%5B%5B%22openFile%22%2C%22vscode-remote%3A%2F%2F$host%3A$port$open%22%5D%2C%5B%22gotoLineMode%22%2C%22true%22%5D%5D"
for _ in {1..150}; do
	if node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "http://$host:$port/healthz"; then
		echo
		echo "  VS Code with Inlinelens is at  $address"
		echo
		echo '  Press Ctrl-C to stop it. The sample and its settings are removed then; a folder of yours stays as you saved it.'
		wait "$group" || true
		echo 'try: the editor has ended' >&2
		cat "$work/log" >&2
		exit 1
	fi
	kill -0 "$group" 2>/dev/null || break
	sleep 0.2
done
echo 'try: the editor did not start' >&2
cat "$work/log" >&2
exit 1
