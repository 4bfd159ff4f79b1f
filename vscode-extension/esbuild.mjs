// Bundles the extension into dist/extension.cjs, and writes the licenses of the bundled
// packages to dist/licenses.txt.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as esbuild from 'esbuild'

const { metafile } = await esbuild.build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
})

const packages = new Set()
for (const input of Object.keys(metafile.inputs)) {
  const [, dir] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? []
  if (dir) packages.add(dir)
}
const texts = [...packages].sort().map((dir) => {
  const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
  const file = readdirSync(dir).find((file) => /^licen[cs]e/i.test(file))
  if (!file) throw new Error(`${dir} has no license`)
  return `${name} ${version}\n\n${readFileSync(join(dir, file), 'utf8').trim()}\n`
})
writeFileSync('dist/licenses.txt', texts.join(`\n${'-'.repeat(80)}\n\n`))
