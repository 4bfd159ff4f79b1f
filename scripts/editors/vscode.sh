#!/usr/bin/env bash
# Installs a real VS Code that is used through a browser (code-server), into
# .editors, which git ignores, unless it is there. With --browser it also installs
# Chromium, for tests, from the system's packages. Everything comes from the package
# registries of npm and Debian.
#
# It reports progress on standard error, and prints the paths as shell assignments on
# standard output: NODE, CODE_SERVER and, with --browser, CHROMIUM.
set -euo pipefail

readonly node_version=24.21.0 # the release line that code-server asks for
readonly server_version=4.139.1 # VS Code 1.139.1

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly into=$PWD/.editors

say() { echo "vscode.sh: $*" >&2; }
die() {
	say "$*"
	exit 1
}

[[ $(uname -s) == Linux ]] || die "the browser's VS Code is installed on Linux only; elsewhere, install the extension into your own VS Code (docs/vscode.md)"
case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) die "there is no Node.js package for $(uname -m)" ;;
esac
command -v npm >/dev/null || die "npm is needed, which comes with Node.js: apt-get install npm, or https://nodejs.org"

mkdir -p "$into"
exec 9>"$into/.lock"
flock 9 # one installation at a time

npm_install() { # npm_install FOLDER ARGUMENTS...: output only if it fails
	local folder=$1 log
	shift
	log=$(mktemp)
	if ! npm install --prefix "$folder" --ignore-scripts --omit=dev --no-audit --no-fund --no-update-notifier \
		--fetch-retries=5 --loglevel=error "$@" >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		rm -f "$log"
		die "npm could not install $* into $folder; the registry is $(npm config get registry 2>/dev/null)"
	fi
	rm -f "$log"
}

readonly node_dir=$into/node-$node_version
if [[ ! -e $node_dir/.done ]]; then
	say "installing Node.js $node_version (200 MB)"
	rm -rf "$node_dir"
	npm_install "$node_dir" "node-linux-$arch@$node_version"
	touch "$node_dir/.done"
fi
readonly node_bin=$node_dir/node_modules/node-linux-$arch/bin
PATH=$node_bin:$PATH

readonly server_dir=$into/code-server-$server_version
if [[ ! -e $server_dir/.done ]]; then
	say "installing code-server $server_version (600 MB)"
	rm -rf "$server_dir"
	npm_install "$server_dir" "code-server@$server_version"
	vscode=$server_dir/node_modules/code-server/lib/vscode
	# As its install script does, but without compiling anything.
	(cd "$vscode" && npm_install "$vscode")
	(cd "$vscode/extensions" && npm_install "$vscode/extensions")
	touch "$server_dir/.done"
fi
cp scripts/editors/spdlog.cjs "$server_dir/node_modules/code-server/lib/vscode/node_modules/@vscode/spdlog/index.js"

chromium=
if [[ ${1-} == --browser ]]; then
	chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
	if [[ -z $chromium ]]; then
		[[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || die "a Chromium is needed: apt-get install chromium fonts-dejavu-core"
		say "installing chromium with apt-get"
		log=$(mktemp)
		export DEBIAN_FRONTEND=noninteractive
		if ! { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core; } >"$log" 2>&1 </dev/null; then
			tail -n 20 "$log" >&2
			rm -f "$log"
			die "apt-get could not install chromium"
		fi
		rm -f "$log"
		chromium=$(command -v chromium) || die "chromium was installed, but is not in PATH"
	fi
fi

printf 'NODE=%q\n' "$node_bin/node"
printf 'CODE_SERVER=%q\n' "$server_dir/node_modules/code-server/out/node/entry.js"
[[ -z $chromium ]] || printf 'CHROMIUM=%q\n' "$chromium"
