# make build   the program, into bin/
# make test    lint, then every test, those in real editors included; fails when
#              one is skipped
# make prove   what proves more and takes hours: the tests that try a portion in
#              "make test" try everything (they look at INLINELENS_PROVE=1);
#              PROVE=./internal/crosscheck RUN=TestCosts for some of them
# make lint    gofumpt, go vet, staticcheck (versions in tools/go.mod), go mod tidy;
#              Biome, StyLua and luacheck by scripts/lint.sh, which formats with --fix
# make fuzz    FUZZTIME (10s) of fuzzing for each target
# make bench   measures against go build in one run; UPDATE=1 writes docs/performance.md
# make try     a real VS Code, on the sample program or with DIR=folder: in the browser, and
#              on macOS or with CODE=code the one that is installed
# make vscode  the extension, as a VSIX file for this platform, into vscode-extension/out/
# make vscode-all  VSIX files for every platform
# make test-editors  of the tests those in Neovim, Helix and Emacs, which it fetches into .editors/
# make test-vscode  the extension's tests, in a real VS Code that it installs into .editors/
# make clean   removes what the above made and installed in this folder

SHELL := bash
.SHELLFLAGS := -eo pipefail -c

GO ?= go
TOOL = $(GO) tool -modfile=tools/go.mod
FUZZTIME ?= 10s
TESTTIME ?= 40m
PROVE ?= ./...
PROVETIME ?= 12h

# The race detector needs cgo, which the go command switches off where there is
# no C compiler.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)

# Packages whose tests compile a lot with the real compiler, or run the built
# program: the race detector would slow them and see nothing that the other
# packages' tests do not show it. Their results are never taken from the go
# command's cache, which does not know what they run.
SLOW = /(cmd/inlinelens|internal/(ci|crosscheck|docs|rewrite)|editors)(/|$$)
# Packages whose passing tests state a number that a reader wants to see.
SHOW = /internal/crosscheck(/|$$)

.PHONY: build test prove lint fuzz bench clean try vscode vscode-all test-vscode test-editors

build:
	$(GO) build -o bin/ ./cmd/inlinelens

test: lint
	@fast=$$($(GO) list ./... | grep -vE '$(SLOW)'); \
	slow=$$($(GO) list ./... | grep -E '$(SLOW)' || true); \
	test -n '$(RACE)' || echo 'no C compiler: the tests run without the race detector'; \
	failed=; \
	{ bad=0; \
	  $(GO) test -json $(RACE) -timeout $(TESTTIME) $$fast || bad=1; \
	  test -z "$$slow" || $(GO) test -json -count=1 -timeout $(TESTTIME) $$slow || bad=1; \
	  exit $$bad; } \
	| $(GO) run ./internal/testlog -logs '$(SHOW)' || failed='the Go packages'; \
	if [[ $$(uname -s) == Linux ]]; then \
	  scripts/test-vscode.sh || failed+="$${failed:+ and }the VS Code extension"; \
	else echo 'not Linux: the tests of the extension in VS Code do not run'; fi; \
	if [[ -n $$failed ]]; then echo "FAILED: tests of $$failed"; exit 1; fi

# Only packages whose tests import internal/prove have more to try.
prove:
	@pkgs=$$($(GO) list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' $(PROVE) | grep '/internal/prove[] ]' | cut -d ' ' -f 1); \
	scripts/compiler-tests.sh; \
	INLINELENS_PROVE=1 $(GO) test -json -count=1 -timeout $(PROVETIME) $(if $(RUN),-run '$(RUN)') $$pkgs \
	| $(GO) run ./internal/testlog -logs .

lint:
	@files=$$($(TOOL) gofumpt -l .); \
	if [ -n "$$files" ]; then echo "gofumpt would change:"; echo "$$files"; exit 1; fi
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@out=$$($(TOOL) gocognit -over 30 -test=false cmd editors handlers internal server 2>&1) || { echo "$$out"; exit 1; }
	$(GO) mod tidy -diff
	@scripts/lint.sh

fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; \
	done

bench:
	@$(GO) run ./internal/bench $(if $(UPDATE),-update docs/performance.md)

try:
	@CODE="$(CODE)" scripts/try.sh $(if $(DIR),"$(DIR)")

vscode:
	@scripts/editors/npm.sh && npm run --silent package --workspace vscode-extension

vscode-all:
	@scripts/editors/npm.sh && npm run --silent package --workspace vscode-extension -- all

test-editors:
	$(GO) test -count=1 ./editors

test-vscode:
	@scripts/test-vscode.sh

clean:
	rm -rf bin node_modules .editors vscode-extension/{bin,dist,out,node_modules,LICENSE}
