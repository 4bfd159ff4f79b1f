// Makes out/gopls-beside.vsix, the extension that starts gopls in tests.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const extension = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(extension, 'test', 'gopls-beside')
const built = join(extension, 'dist', 'gopls-beside')

mkdirSync(built, { recursive: true })
mkdirSync(join(extension, 'out'), { recursive: true })
copyFileSync(join(source, 'package.json'), join(built, 'package.json'))
await esbuild.build({
  entryPoints: [join(source, 'main.ts')], outfile: join(built, 'main.cjs'),
  bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['vscode'], logLevel: 'warning',
})
const r = spawnSync('npx', ['--no-install', 'vsce', 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '-o', join(extension, 'out', 'gopls-beside.vsix')], {
  cwd: built, encoding: 'utf8',
})
if (r.status !== 0) {
  console.error(r.stdout, r.stderr, r.error ?? '')
  process.exit(1)
}
