#!/usr/bin/env bash
# Installs the npm packages that package-lock.json names, unless they are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v npm >/dev/null || {
	echo "npm.sh: npm is needed, which comes with Node.js: apt-get install npm, or https://nodejs.org" >&2
	exit 1
}
# npm writes this file at the end of an install.
installed=node_modules/.package-lock.json
if [[ ! -e $installed || package-lock.json -nt $installed ]]; then
	echo "npm.sh: installing the packages of package-lock.json" >&2
	# Without their scripts: what they would build or fetch is not needed.
	npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
	touch "$installed"
fi
