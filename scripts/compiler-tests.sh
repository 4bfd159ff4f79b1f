#!/usr/bin/env bash
# Puts the compiler's own tests of other Go releases, which toolchains of the module
# proxy come without, into .cache/crosscheck/tests/go1.N: internal/crosscheck holds our
# verdicts against them. They are in Debian's golang-1.N-src, of which nothing is
# installed. What is there already is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly tests=$PWD/.cache/crosscheck/tests
command -v apt-get >/dev/null || {
	echo "compiler-tests.sh: this system has no apt-get: the compiler's tests of other releases are left out" >&2
	exit 0
}
# Which suite has which release. The last comes with the newest.
suites=(1.22:bookworm-backports 1.23:bookworm-backports 1.24:trixie 1.25:trixie-backports 1.27:forky)
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')
for entry in "${suites[@]}"; do
	release=${entry%%:*} suite=${entry#*:}
	[[ ! -e $tests/go$release ]] || continue
	echo "compiler-tests.sh: fetching the compiler's tests of Go $release from Debian's $suite" >&2
	temp=$(mktemp -d)
	trap 'rm -rf "$temp"' EXIT
	mkdir -p "$temp"/{state/lists/partial,cache/archives/partial} "$tests"
	: >"$temp/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$temp/sources"
	options=(
		-qq -o "Dir::State=$temp/state" -o "Dir::State::status=$temp/status" -o "Dir::Cache=$temp/cache"
		-o "Dir::Etc::sourcelist=$temp/sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o APT::Sandbox::User=root -o Acquire::Languages=none -o Debug::NoLocking=true
	)
	apt-get "${options[@]}" update
	(cd "$temp" && apt-get "${options[@]}" download "golang-$release-src")
	dpkg-deb -x "$temp"/*.deb "$temp/files"
	cp -r "$temp/files/usr/share/go-$release/test" "$temp/test"
	mv "$temp/test" "$tests/go$release"
	rm -rf "$temp"
done
