#!/usr/bin/env bash
# Installs a program of another Debian suite beside those of this system, without a
# chroot: debian.sh SUITE PROGRAM PACKAGE... downloads the packages with all their
# dependencies, including the C library, into .editors/SUITE-PROGRAM, unless it exists,
# and prints the program's path. The system does not change, except that patchelf is
# installed with apt-get.
#
# Suites change: .editors/SUITE-PROGRAM/packages lists the versions.
set -euo pipefail

readonly suite=$1 program=$2
shift 2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly root=$PWD/.editors/$suite-$program

say() { echo "debian.sh: $*" >&2; }
die() {
	say "$*"
	exit 1
}

mkdir -p .editors
exec 9>.editors/.lock
flock 9 # one installation at a time

if [[ ! -e $root/packages ]]; then
	command -v apt-get >/dev/null || die "$program is taken from Debian's suite $suite, and this system has no apt-get"
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	run() { "$@" >"$log" 2>&1 </dev/null || {
		tail -n 20 "$log" >&2
		die "failed: $*"
	}; }
	export DEBIAN_FRONTEND=noninteractive
	if ! command -v patchelf >/dev/null; then
		[[ $(id -u) == 0 ]] || die "patchelf is needed: apt-get install patchelf"
		say "installing patchelf with apt-get"
		run apt-get update
		run apt-get install -y --no-install-recommends patchelf
	fi

	say "fetching $program of Debian's suite $suite"
	rm -rf "$root"
	apt=$root/apt
	mkdir -p "$apt"/{state/lists/partial,cache/archives/partial}
	: >"$apt/status" # as if nothing were installed
	# The mirror that this machine uses.
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$' || true)
	[[ -n $mirror ]] || die "this system has no Debian packages to take $suite's from: apt-get update lists none"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources"
	options=(
		-o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
		-o "Dir::Etc::sourcelist=$apt/sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o APT::Sandbox::User=root -o Acquire::Languages=none -o Debug::NoLocking=true
	)
	run apt-get "${options[@]}" update
	run apt-get "${options[@]}" install -y --no-install-recommends --download-only "$@"
	for package in "$apt"/cache/archives/*.deb; do
		run dpkg-deb -x "$package" "$root"
	done

	# Make the program use the loader and libraries that it was built for.
	libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6 | head -n1)")
	loader=$(find "$libraries" -name 'ld-linux*.so.*' | head -n1)
	[[ -n $loader ]] || die "the packages of $suite have no loader"
	run patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$(readlink -f "$root/usr/bin/$program")"
	(cd "$apt/cache/archives" && ls ./*.deb | sed 's|^\./||') >"$root/packages.new"
	rm -rf "$apt"
	mv "$root/packages.new" "$root/packages"
fi
echo "$root/usr/bin/$program"
