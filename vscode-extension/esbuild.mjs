// Bundles the extension into dist/extension.cjs, and with "test" the tests that run
// inside the extension host into dist/host-tests.cjs.
import * as esbuild from 'esbuild'

const bundles = { 'src/extension.ts': 'dist/extension.cjs' }
if (process.argv.includes('test')) bundles['test/host/index.ts'] = 'dist/host-tests.cjs'

for (const [entry, outfile] of Object.entries(bundles)) {
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    minify: true,
    legalComments: 'linked',
    logLevel: 'warning',
  })
}
