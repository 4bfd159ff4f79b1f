// Folders for tests to open and edit.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './editor.ts'

export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'inlinelens-folder-')))

  write(name: string, text: string): void {
    const path = join(this.path, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8')
  }

  /** The 1-based line and column of the first occurrence of a text in a file; a tab is as wide as four columns. */
  find(name: string, text: string): { line: number; column: number } {
    const before = this.read(name).split(text, 1)[0] as string
    const lines = before.split('\n')
    return { line: lines.length, column: (lines.at(-1) as string).replaceAll('\t', '    ').length + 1 }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The sample program as "make try" has it. */
export function sampleProgram(): Folder {
  const folder = new Folder()
  execFileSync(join(repository, 'scripts', 'editors', 'try-sample.sh'), [folder.path])
  return folder
}

/** A module with a copy of a package of the standard library, in a folder named for it. */
export function realPackage(name: string): Folder {
  const folder = new Folder()
  folder.write('go.mod', 'module example.com/real\n\ngo 1.26\n')
  const from = join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'src', name)
  const to = join(folder.path, name.slice(name.lastIndexOf('/') + 1))
  mkdirSync(to)
  for (const file of readdirSync(from)) {
    if (file.endsWith('.go') && !file.endsWith('_test.go')) copyFileSync(join(from, file), join(to, file))
  }
  return folder
}

/** A copy of the Go installation, in which a file of the library can be saved. */
export function copyOfGo(): Folder {
  const folder = new Folder()
  const from = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim()
  for (const name of ['bin', 'lib', 'pkg', 'src', 'VERSION', 'go.env']) {
    // With the times of files, which the go command looks at.
    if (statSync(join(from, name), { throwIfNoEntry: false }))
      cpSync(join(from, name), join(folder.path, name), { recursive: true, preserveTimestamps: true })
  }
  return folder
}

/** A module with a file of 5,000 lines, full of calls. */
export function longFile(): Folder {
  const folder = new Folder()
  folder.write('go.mod', 'module example.com/long\n\ngo 1.26\n')
  const lines = ['package long', '', 'import "fmt"', '']
  for (let i = 0; lines.length < 5_000; i++) {
    lines.push(`func f${i}(a []string, n int) string {`, '\tfor _, s := range a {', '\t\tn += len(s)', '\t}')
    for (let j = 0; j < 3; j++) lines.push(`\ta = append(a, fmt.Sprint(n, g${i}(n)))`)
    lines.push('\treturn fmt.Sprintln(a)', '}', '', `func g${i}(n int) int { return n*n + ${i} }`, '')
  }
  folder.write('long.go', lines.join('\n'))
  return folder
}
