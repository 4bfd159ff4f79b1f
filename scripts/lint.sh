#!/usr/bin/env bash
# Checks format and style of what is not Go: TypeScript, JavaScript and JSON with Biome,
# Lua with StyLua and luacheck. Installs them first if they are missing. With --fix it
# formats, and applies the safe fixes. It prints nothing if all is well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

write=() check=(--check)
if [[ ${1-} == --fix ]]; then write=(--write) check=(); fi
scripts/editors/npm.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
run() { "$@" >"$log" 2>&1 || { failed=1 && cat "$log"; }; }

run node_modules/.bin/biome check "${write[@]}" --error-on-warnings --max-diagnostics=30
run node_modules/.bin/stylua "${check[@]}" editors
if command -v apt-get >/dev/null; then
	lua=$(scripts/editors/debian.sh trixie lua5.1 lua5.1 lua-check)
	usr=${lua%/bin/lua5.1}
	libraries=("$usr"/lib/*/lua/5.1)
	export LUA_PATH="$usr/share/lua/5.1/?.lua;$usr/share/lua/5.1/?/init.lua" LUA_CPATH="${libraries[0]}/?.so"
	run "$lua" "$usr/bin/luacheck" --quiet --no-cache editors
else
	echo 'lint.sh: luacheck comes from Debian, and this system has no apt-get: Lua is formatted, but not linted' >&2
fi
exit "$failed"
