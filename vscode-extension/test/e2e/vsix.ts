// The packages that are installed into the editor: what a user gets, not the sources.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './editor.ts'

const out = join(repository, 'vscode-extension', 'out')
const { version } = JSON.parse(readFileSync(join(repository, 'vscode-extension', 'package.json'), 'utf8')) as {
  version: string
}

/** The extension with the server inside. */
export function packaged(): string {
  return join(out, `inlinelens-${version}-linux-${process.arch}.vsix`)
}

/** The extension without a server. */
export function universal(): string {
  return join(out, `inlinelens-${version}-universal.vsix`)
}

/** The extension that starts gopls. */
export function goplsBeside(): string {
  return join(out, 'gopls-beside.vsix')
}
