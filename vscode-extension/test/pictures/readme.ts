// Takes the pictures of the documentation, into docs/pictures/: each in a light and a dark theme,
// of the real editors and of a real terminal. scripts/pictures.sh runs it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Editor, repository } from '../e2e/editor.ts'
import { until } from '../e2e/until.ts'
import { installed } from '../e2e/vsix.ts'
import { sampleProgram } from '../e2e/workspace.ts'

const into = join(repository, 'docs', 'pictures')

/** The width of a picture: about what a page of GitHub shows without scaling. */
const width = 860

const themes = [
  ['dark', 'Dark Modern', 'vs-dark'],
  ['light', 'Light Modern', 'vs'],
] as const

/** Settings of a terminal that shows nothing but its text. */
const terminal = {
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.shellIntegration.enabled': false,
  'terminal.integrated.fontSize': 12,
  'terminal.integrated.defaultProfile.linux': 'plain',
  'terminal.integrated.profiles.linux': { plain: { path: '/bin/bash', args: ['--norc', '--noprofile'] } },
  'terminal.integrated.env.linux': { PS1: '$ ', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
}

const folder = sampleProgram()
const lineOf = (text: string) => folder.find('market.go', text).line
// The configuration of a user of Neovim who has the plugin and nothing else.
const init = join(folder.path, 'init.lua')
writeFileSync(
  init,
  `vim.opt.runtimepath:append(${JSON.stringify(join(repository, 'editors', 'nvim'))})\nvim.opt.swapfile = false\nvim.opt.tabstop = 4\n`,
)
mkdirSync(into, { recursive: true })

const editor = await Editor.start({
  name: 'pictures',
  folder: folder.path,
  extensions: installed.withGopls,
  settings: { ...terminal, 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false },
})
try {
  await editor.page.setViewportSize({ width, height: 900 })
  await editor.run('View: Close Primary Side Bar')
  for (const [name, theme, kind] of themes) {
    editor.settings({ 'workbench.colorTheme': theme })
    await editor.page.waitForSelector(`.monaco-workbench.${kind}`)
    await code(name)
    await cost(name)
    await report(name)
    await neovim(name)
    await editor.run('View: Close All Editors')
  }
} finally {
  await editor.close()
  folder.remove()
}

async function picture(name: string, clip: { x?: number; y: number; height: number; width?: number }): Promise<void> {
  await editor.page.mouse.move(width - 1, 899)
  await editor.page.screenshot({
    path: join(into, `${name}.png`),
    clip: { x: clip.x ?? 0, y: clip.y, width: clip.width ?? width, height: clip.height },
  })
}

/** A method of the sample, with its hints and lenses. */
async function code(name: string): Promise<void> {
  await editor.open('market.go', lineOf('func (b *Book) Add('))
  await editor.line(/o\.Check✗ 95\/80/)
  await editor.lens('not inlinable: defer')
  // Below the method, where the cursor and its line are not in the picture.
  await editor.goTo(lineOf('const tracing = false') + 2)
  await picture(`vscode-${name}`, { y: (await editor.top('func (b *Book) Add(')) - 24, height: 346 })
}

/** The cost of each line of a function of the sample. */
async function cost(name: string): Promise<void> {
  await editor.goTo(lineOf('func (o Order) Check('), 18)
  await editor.run('Inlinelens: Explain Cost')
  await editor.line(/95 of 80/)
  await editor.goTo(lineOf('type counter struct') + 1)
  await picture(`cost-${name}`, { y: (await editor.top('func (o Order) Check(')) - 24, height: 170 })
  await editor.goTo(lineOf('func (o Order) Check('), 18)
  await editor.run('Inlinelens: Explain Cost')
  await editor.noLine(/95 of 80/)
}

/** Opens a terminal in place of the editor, and runs a command line in it. */
async function type(line: string, until_: RegExp): Promise<void> {
  await editor.page.keyboard.type(`${line}\n`)
  await shows(until_)
}

async function shows(like: RegExp): Promise<void> {
  const text = () =>
    editor.page.$$eval('.terminal-wrapper.active .xterm-rows > div', (rows) =>
      rows.map((r) => r.textContent).join('\n'),
    )
  await until(
    `the terminal has ${like}`,
    async () => like.test((await text()).replaceAll('\u00a0', ' ')),
    120_000,
    text,
  )
}

async function openTerminal(): Promise<void> {
  await editor.run('Terminal: Create New Terminal in Editor Area')
  await shows(/\$/)
  await type(`export PS1='$ '; clear`, /^\$ /)
}

async function report(name: string): Promise<void> {
  await openTerminal()
  await type(`inlinelens report -func '(*Book).Add' .`, /Summary[^$]*\$ /)
  await terminalPicture(`terminal-${name}`, 420)
  await editor.run('Terminal: Kill the Active Terminal Instance')
}

async function neovim(name: string): Promise<void> {
  await openTerminal()
  // A lens above the first line of a window is out of sight.
  await editor.page.keyboard.type(`nvim -u ${init} +${lineOf('func (b *Book) Add(')} -c "normal ztkk" market.go\n`)
  await shows(/o\.Check ?✗ 95\/80/)
  await shows(/not inlinable: defer/)
  await terminalPicture(`neovim-${name}`, 310)
  await editor.page.keyboard.type(':qa!\n')
  await editor.run('Terminal: Kill the Active Terminal Instance')
}

/** A picture of the terminal's text, without the rows below it that are empty. */
async function terminalPicture(name: string, height: number): Promise<void> {
  const screen = editor.page.locator('.terminal-wrapper.active .xterm-screen')
  const box = await screen.boundingBox()
  if (!box) throw new Error('no terminal')
  await picture(name, { x: Math.max(0, box.x - 8), y: box.y - 4, height })
}
