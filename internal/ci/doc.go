// Package ci tests what runs inlinelens in continuous integration: action.yml, the
// workflows of docs/ci.md, and .pre-commit-hooks.yaml. It runs the steps of the action in
// bash, as the runner of GitHub does, and reads what they print as the runner does.
//
// The package has no code that a program would use.
package ci
