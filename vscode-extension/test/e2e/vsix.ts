// The packages that are installed into the editor: what users get, rather than the sources.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './editor.ts'

const out = join(repository, 'vscode-extension', 'out')
const { version } = JSON.parse(readFileSync(join(repository, 'vscode-extension', 'package.json'), 'utf8')) as {
  version: string
}

/** The VSIX file with the server inside. */
export const packaged = join(out, `inlinelens-${version}-linux-${process.arch}.vsix`)

/** The VSIX file without a server. */
export const universal = join(out, `inlinelens-${version}-universal.vsix`)

/** The VSIX file of the extension that starts gopls. */
export const goplsBeside = join(out, 'gopls-beside.vsix')

/** Directories with installed extensions, which install.ts makes. */
export const installed = {
  alone: join(out, 'extensions', 'alone'),
  withGopls: join(out, 'extensions', 'with-gopls'),
  withoutServer: join(out, 'extensions', 'without-server'),
}
