// What is in the packages that are installed.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { repository } from '../e2e/editor.ts'
import { packaged, universal } from '../e2e/vsix.ts'

interface Entry {
  name: string
  size: number
  /** The permissions of Unix. */
  mode: number
}

/** The entries of a zip file, out of its directory. */
function entries(path: string): Entry[] {
  const zip = readFileSync(path)
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const found: Entry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [name, extra, comment] = [28, 30, 32].map((o) => zip.readUInt16LE(at + o)) as [number, number, number]
    found.push({
      name: zip.toString('utf8', at + 46, at + 46 + name),
      size: zip.readUInt32LE(at + 24),
      mode: zip.readUInt32LE(at + 38) >>> 16,
    })
    at += 46 + name + extra + comment
  }
  return found
}

const common = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE',
  'extension/README.md',
  'extension/dist/extension.cjs',
  'extension/dist/licenses.txt',
  'extension/media/icon.png',
  'extension/media/view.svg',
  ...readdirSync(join(repository, 'vscode-extension', 'media', 'walkthrough')).map(
    (name) => `extension/media/walkthrough/${name}`,
  ),
  'extension/package.json',
]
/** The names, as the files have them: the packager writes some in another case. */
const names = (all: Entry[]) =>
  all.map((e) => e.name.replace(/readme\.md$/i, 'README.md').replace(/LICENSE\.txt$/, 'LICENSE')).sort()

describe('the package for a platform', () => {
  const all = entries(packaged)
  it('has the server, which can be run, and no sources', () => {
    assert.deepEqual(names(all), [...common, 'extension/bin/inlinelens'].sort())
    const server = all.find((e) => e.name === 'extension/bin/inlinelens')
    assert.equal((server?.mode ?? 0) & 0o111, 0o111)
    assert.ok((server?.size ?? 0) > 1_000_000)
  })
  it('has a client of less than 500 kB', () => {
    const client = all.find((e) => e.name === 'extension/dist/extension.cjs')
    assert.ok(client && client.size > 0 && client.size < 500_000, `${client?.size} bytes`)
  })
})

describe('the universal package', () => {
  it('has no server', () => assert.deepEqual(names(entries(universal)), common.toSorted()))
})
