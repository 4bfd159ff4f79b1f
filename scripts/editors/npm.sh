#!/usr/bin/env bash
# Installs the npm packages that package-lock.json names, unless they are installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly installed=node_modules/.installed-lock.json # a copy of the lock that was installed
if cmp -s package-lock.json "$installed"; then
	exit
fi
die() {
	echo "npm.sh: $*" >&2
	exit 1
}
command -v npm >/dev/null || die "npm is needed, which comes with Node.js: apt-get install npm, or https://nodejs.org"
# npm would empty the directory that the link leads to.
[[ ! -L node_modules ]] || die "node_modules is a link to $(readlink node_modules), which has other packages than package-lock.json; remove the link"
echo "npm.sh: installing the packages of package-lock.json" >&2
# Without their scripts: what they would build or download is not needed.
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
cp package-lock.json "$installed"
