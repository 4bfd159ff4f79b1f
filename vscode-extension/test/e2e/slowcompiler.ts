// A compiler that takes its time, for tests of what is shown meanwhile.
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Folder } from './workspace.ts'

export class SlowCompiler {
  private readonly folder = new Folder()

  constructor() {
    const command = execFileSync('which', ['go'], { encoding: 'utf8' }).trim()
    const tools = execFileSync(command, ['env', 'GOTOOLDIR'], { encoding: 'utf8' }).trim()
    this.script('tools/compile', `[ ! -e ${this.flag} ] || sleep 4\nexec ${join(tools, 'compile')} "$@"`)
    const here = join(this.folder.path, 'tools')
    const replaced = `s|"GOTOOLDIR": ".*"|"GOTOOLDIR": "${here}"|`
    this.script('go', `case $1 in\nenv) ${command} "$@" | sed '${replaced}';;\n*) exec ${command} "$@";;\nesac`)
  }

  /** The environment of an editor whose server has this compiler. */
  get env(): NodeJS.ProcessEnv {
    return { PATH: `${this.folder.path}:${process.env['PATH']}` }
  }

  /** From now on each compile takes four seconds longer, or as long as it needs. */
  slow(yes: boolean): void {
    if (yes) this.folder.write('slow', '')
    else rmSync(this.flag)
  }

  remove(): void {
    this.folder.remove()
  }

  private get flag(): string {
    return join(this.folder.path, 'slow')
  }

  private script(name: string, lines: string): void {
    this.folder.write(name, `#!/bin/sh\n${lines}\n`)
    chmodSync(join(this.folder.path, name), 0o755)
  }
}
