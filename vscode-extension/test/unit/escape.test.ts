import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { code, detail, label, markdown, message, oneLine } from '../../src/escape.ts'
import { withTags } from '../../src/tags.ts'

// What the editor takes for a link in a message, and for an icon in a label.
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi
const icon = /(\\)?\$\(([a-z0-9-]+(?:~[a-z0-9-]+)?)\)/gi

const hostile = [
  '[click](command:workbench.action.quit)',
  '[a\u202e](command:x "t")',
  '$(flame) $(sync~spin)',
  '\u202eevil\u0007\nnext\u2028line',
  '[[x](command:y)](command:z)',
  '\\$(x)',
]

describe('foreign text', () => {
  it('has no characters that are not seen', () => {
    for (const text of hostile) assert.doesNotMatch(oneLine(text), /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u)
    assert.equal(oneLine('größe 世界 👍'), 'größe 世界 👍')
  })
  it('is no link and no icon', () => {
    for (const text of hostile) {
      assert.equal(message(text).match(link), null, text)
      assert.equal(detail(text).match(link), null, text)
      for (const found of detail(text).matchAll(icon)) assert.equal(found[1], '\\', text)
      for (const found of label(text).matchAll(icon)) assert.equal(found[1], '\\', text)
    }
    assert.equal(message('undefined: x (p.go:7:9)'), 'undefined: x (p.go:7:9)')
    assert.equal(label('cost $5 (near)'), 'cost $5 (near)')
  })
  it('is no markup', () => {
    assert.equal(markdown('[a](b) | <c> `d`'), '\\[a\\](b) \\| \\<c\\> \\`d\\`')
    assert.equal(code('f`|g'), "`f'\\|g`")
  })
})

describe('build tags', () => {
  it('are added to those that are set', () => {
    assert.deepEqual(withTags([], ['a']), ['-tags=a'])
    assert.deepEqual(withTags(['-race', '-tags=b,c', '--tags=d'], ['c', 'a']), ['-race', '-tags=b,c,d,a'])
  })
})
