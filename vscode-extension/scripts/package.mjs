// Makes VSIX files, into out/: one for this platform, with the server inside; or those that
// are named: "npm run package -- linux-x64 universal". "this" is this platform, "universal"
// has no server, "all" is one for each platform and the universal one.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const extension = dirname(dirname(fileURLToPath(import.meta.url)))
const module = dirname(extension)
const { version } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'))

/** The names of platforms, VS Code's and Go's. */
const targets = {
  'linux-x64': ['linux', 'amd64'],
  'linux-arm64': ['linux', 'arm64'],
  'darwin-x64': ['darwin', 'amd64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'win32-x64': ['windows', 'amd64'],
  'win32-arm64': ['windows', 'arm64'],
  universal: undefined,
}
const own = `${process.platform}-${process.arch}`
const named = process.argv.length > 2 ? process.argv.slice(2) : ['this']
const wanted = new Set(
  named.flatMap((name) => (name === 'all' ? Object.keys(targets) : name === 'this' ? [own] : [name])),
)
const unknown = [...wanted].filter((name) => !(name in targets))
if (unknown.length > 0)
  fail(`there is no target ${unknown.join(', ')}; there are this, all, ${Object.keys(targets).join(', ')}`)

const bundle = join(extension, 'dist', 'extension.cjs')
const bundleLimit = 500_000 // bytes
run(process.execPath, [program('typescript/bin/tsc'), '-p', '.'])
run(process.execPath, ['esbuild.mjs'])
if (statSync(bundle).size >= bundleLimit)
  fail(`the bundle has ${statSync(bundle).size} bytes, and the limit is ${bundleLimit}`)
copyFileSync(join(module, 'LICENSE'), join(extension, 'LICENSE'))
mkdirSync(join(extension, 'out'), { recursive: true })
console.log(`bundle: ${kilobytes(bundle)}`)

const bin = join(extension, 'bin')
for (const [name, go] of Object.entries(targets)) {
  if (!wanted.has(name)) continue
  rmSync(bin, { recursive: true, force: true })
  if (go) {
    const [goos, goarch] = go
    const server = join(bin, goos === 'windows' ? 'inlinelens.exe' : 'inlinelens')
    run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', server, './cmd/inlinelens'], {
      cwd: module,
      env: { ...process.env, CGO_ENABLED: '0', GOOS: goos, GOARCH: goarch },
    })
  }
  const file = join(extension, 'out', `inlinelens-${version}-${name}.vsix`)
  run(process.execPath, [
    program('@vscode/vsce/vsce'),
    'package',
    '--no-dependencies',
    '--skip-license',
    ...(go ? ['--target', name] : []),
    '-o',
    file,
  ])
  console.log(`${name}: ${kilobytes(file)}`)
}
rmSync(bin, { recursive: true, force: true })

/** A program of an npm package. npx would write logs into the home directory. */
function program(path) {
  return join(module, 'node_modules', ...path.split('/'))
}

/** Runs a program, and shows its output only if it fails. */
function run(command, args, options) {
  const result = spawnSync(command, args, { cwd: extension, encoding: 'utf8', ...options })
  if (result.error) fail(`${command}: ${result.error.message}`)
  if (result.status !== 0) fail(`${command} ${args.join(' ')}\n${result.stdout}${result.stderr}`)
}

function kilobytes(file) {
  return `${Math.round(statSync(file).size / 1000)} kB`
}

function fail(message) {
  console.error(`package: ${message}`)
  process.exit(1)
}
