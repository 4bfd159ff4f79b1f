// Builds what only tests need: out/gopls-beside.vsix, the extension that starts gopls, and
// dist/host, the tests that run inside the extension host.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const extension = dirname(dirname(fileURLToPath(import.meta.url)))

/** Bundles a program below test/ into a folder below dist/, with its manifest. */
async function bundle(name, entry, file) {
  const from = join(extension, 'test', name)
  const to = join(extension, 'dist', name)
  mkdirSync(to, { recursive: true })
  copyFileSync(join(from, 'package.json'), join(to, 'package.json'))
  await esbuild.build({
    entryPoints: [join(from, entry)],
    outfile: join(to, file),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  })
  return to
}

await bundle('host', 'index.ts', 'tests.cjs')
const beside = await bundle('gopls-beside', 'main.ts', 'main.cjs')
mkdirSync(join(extension, 'out'), { recursive: true })
const r = spawnSync(
  process.execPath,
  [
    join(dirname(extension), 'node_modules', '@vscode', 'vsce', 'vsce'),
    'package',
    '--no-dependencies',
    '--skip-license',
    '--allow-missing-repository',
    '-o',
    join(extension, 'out', 'gopls-beside.vsix'),
  ],
  {
    cwd: beside,
    encoding: 'utf8',
  },
)
if (r.status !== 0) {
  console.error(r.stdout, r.stderr, r.error ?? '')
  process.exit(1)
}
