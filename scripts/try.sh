#!/usr/bin/env bash
# Starts a real VS Code with the extension and gopls, on the sample program or on the
# folder given as an argument. On Linux it is one in the browser, whose address is printed;
# PORT is the port, HOST the address to listen on. On macOS, or with CODE=code, it is the
# one that is installed. Ctrl-C ends it and removes its files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# With set -m, each background job has a process group of its own.
set -m

say() { printf 'try: %3d s  %s\n' "$SECONDS" "$*" >&2; }
die() {
	say "$*"
	exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/inlinelens-try-XXXXXX")
# Sockets and temporary files of everything started are removed with the directory.
mkdir "$work/tmp"
export TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/tmp
groups=()
finish() {
	trap '' INT TERM
	# An empty list is an error in bash 3.2, which macOS has.
	for group in ${groups[@]+"${groups[@]}"}; do kill -TERM -- "-$group" 2>/dev/null || true; done
	for group in ${groups[@]+"${groups[@]}"}; do
		for _ in {1..50}; do
			kill -0 -- "-$group" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL -- "-$group" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 0' INT # the regular end
trap 'exit 143' TERM

code=${CODE-}
[[ -n $code || $(uname -s) != Darwin ]] || code=code
[[ -z $code ]] || command -v "$code" >/dev/null ||
	die "there is no command $code: in VS Code, run \"Shell Command: Install 'code' command in PATH\""

if [[ ! -e node_modules/.installed-lock.json ]] || { [[ -z $code ]] && ! compgen -G '.editors/code-server-*/.done' >/dev/null; }; then
	say 'The first run takes about a minute, and longer where the network is slow. It installs'
	[[ -n $code ]] || say '  VS Code for the browser, with Node.js, into .editors/: 800 MB'
	say '  what builds the extension, from npm, into node_modules/: 300 MB'
	say 'make clean removes both.'
fi

# The compiler has most to do: it works while the packages are fetched.
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/warm" ./cmd/inlinelens >"$work/built" 2>&1 </dev/null &
groups+=($!)
server=$!
scripts/editors/npm.sh </dev/null &
groups+=($!)
packages=$!
[[ -n $code ]] || {
	tools=$(scripts/editors/vscode.sh)
	eval "$tools"
}
wait "$packages" || exit 1
say 'building the extension with its server'
wait "$server" || {
	cat "$work/built" >&2
	exit 1
}
(cd vscode-extension && node scripts/package.mjs this && node scripts/test-extensions.mjs) >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
vsix=$(ls vscode-extension/out/inlinelens-*-"$(node -p 'process.platform + "-" + process.arch')".vsix)

# The first time gopls is built, which takes minutes: the editor does not wait for that.
cat >"$work/gopls" <<-END
	#!/bin/sh
	while [ ! -e '$work/gopls.path' ]; do sleep 0.2; done
	exec "\$(cat '$work/gopls.path')" "\$@"
END
chmod +x "$work/gopls"
(
	path=$(go run ./internal/gopls/install 2>"$work/gopls.log") || {
		say "gopls could not be built, so that hovers and completion lack what it tells: $(tail -n 1 "$work/gopls.log")"
		path=false
	}
	printf '%s\n' "$path" >"$work/gopls.new"
	mv "$work/gopls.new" "$work/gopls.path"
) </dev/null &
groups+=($!)
disown # its end is not worth a message
export GOPLS=$work/gopls

if [[ $# -gt 0 ]]; then
	folder=$(cd "$1" && pwd -P)
	open=
else
	folder=$work/sample # a copy, for the user to edit
	scripts/editors/try-sample.sh "$folder"
	open=$folder/market.go
fi

mkdir -p "$work/data/User"
cp scripts/editors/try-settings.json "$work/data/User/settings.json"
ends='The sample and its settings are removed then; a folder of yours stays as you saved it.'

if [[ -n $code ]]; then
	for name in inlinelens gopls-beside; do mkdir "$work/$name"; done
	unzip -q "$vsix" -d "$work/inlinelens"
	unzip -q vscode-extension/out/gopls-beside.vsix -d "$work/gopls-beside"
	say "VS Code opens. Close its window to end it. $ends"
	"$code" --wait --new-window --disable-workspace-trust --user-data-dir "$work/data" --extensions-dir "$work/extensions" \
		--extensionDevelopmentPath="$work/inlinelens/extension" --extensionDevelopmentPath="$work/gopls-beside/extension" \
		"$folder" ${open:+"$open"}
	exit
fi

printf 'auth: none\n' >"$work/config.yaml"
browser=(env XDG_DATA_HOME="$work" "$NODE" "$CODE_SERVER" --config "$work/config.yaml" --user-data-dir "$work/data" --extensions-dir "$work/extensions")
"${browser[@]}" --install-extension "$PWD/$vsix" --install-extension "$PWD/vscode-extension/out/gopls-beside.vsix" >"$work/log" 2>&1 </dev/null || {
	cat "$work/log" >&2
	exit 1
}

host=${HOST:-127.0.0.1}
port=${PORT:-$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')}
"${browser[@]}" --bind-addr "$host:$port" --auth none --disable-telemetry --disable-update-check --disable-workspace-trust \
	--vscode-option force-disable-user-env >"$work/log" 2>&1 </dev/null &
editor=$!
groups+=("$editor")

address=http://$host:$port/?folder=$folder
[[ -z $open ]] || address+="&payload=%5B%5B%22openFile%22%2C%22vscode-remote%3A%2F%2F$host%3A$port$open%22%5D%5D"
for _ in {1..150}; do
	if node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "http://$host:$port/healthz"; then
		echo
		echo "  VS Code with Inlinelens is at  $address"
		echo
		[[ -e $work/gopls.path ]] || say 'gopls is still being built; hints and lenses do not need it'
		echo "  Press Ctrl-C to stop it. $ends"
		wait "$editor" || true
		echo 'try: the editor has ended' >&2
		cat "$work/log" >&2
		exit 1
	fi
	kill -0 "$editor" 2>/dev/null || break
	sleep 0.2
done
echo 'try: the editor did not start' >&2
cat "$work/log" >&2
exit 1
