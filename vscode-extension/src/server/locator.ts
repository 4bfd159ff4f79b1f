// Finds the server's program. The only process that it starts is "go env".
import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

interface LocateOptions {
  /** The setting inlinelens.server.path; "" if it is not set. */
  setting: string
  /** The directory of the extension. */
  extension: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

type Source = 'setting' | 'bundled' | 'PATH' | 'GOBIN'

type LocateResult =
  | { ok: true; path: string; source: Source }
  /** problem is set if the setting does not name a program. */
  | { ok: false; problem?: string; tried: string[] }

/** Looks in the setting, then in the extension, in PATH, and where go install puts programs. */
export async function locate(options: LocateOptions): Promise<LocateResult> {
  if (options.setting !== '') {
    const path = expandHome(options.setting)
    if (!isAbsolute(path))
      return {
        ok: false,
        problem: `The setting inlinelens.server.path is "${options.setting}", which is not an absolute path.`,
        tried: [path],
      }
    if (await runnable(path)) return { ok: true, path, source: 'setting' }
    return {
      ok: false,
      problem: `The setting inlinelens.server.path is "${options.setting}", which is not a program.`,
      tried: [path],
    }
  }
  const name = options.platform === 'win32' ? 'inlinelens.exe' : 'inlinelens'
  const tried: string[] = []
  const first = async (dirs: string[]): Promise<string | undefined> => {
    for (const dir of dirs) {
      const path = join(dir, name)
      tried.push(path)
      if (await runnable(path)) return path
    }
    return undefined
  }
  const candidates: [Source, () => Promise<string[]>][] = [
    ['bundled', async () => [join(options.extension, 'bin')]],
    [
      'PATH',
      async () =>
        pathOf(options.env)
          .split(delimiter)
          .filter((dir) => isAbsolute(dir)),
    ],
    ['GOBIN', () => installDirs(options.env)],
  ]
  for (const [source, dirs] of candidates) {
    const path = await first(await dirs())
    if (path !== undefined) return { ok: true, path, source }
  }
  return { ok: false, tried }
}

/** The directories into which "go install" may have put a program. */
async function installDirs(env: NodeJS.ProcessEnv): Promise<string[]> {
  const said = await goEnv(env)
  const bin = said?.GOBIN || env['GOBIN']
  if (bin) return [bin]
  const paths = said?.GOPATH || env['GOPATH'] || join(homedir(), 'go')
  return paths
    .split(delimiter)
    .filter(isAbsolute)
    .map((dir) => join(dir, 'bin'))
}

function goEnv(env: NodeJS.ProcessEnv): Promise<{ GOBIN?: string; GOPATH?: string } | undefined> {
  return new Promise((resolve) => {
    // Outside modules, so that no go.mod selects another toolchain.
    execFile('go', ['env', '-json', 'GOBIN', 'GOPATH'], { env, timeout: 10_000, cwd: homedir() }, (error, stdout) => {
      try {
        resolve(error ? undefined : (JSON.parse(stdout) as { GOBIN?: string; GOPATH?: string }))
      } catch {
        resolve(undefined)
      }
    })
  })
}

function expandHome(path: string): string {
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path
}

/** The variable PATH, whose name has any case on Windows. */
function pathOf(env: NodeJS.ProcessEnv): string {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH')
  return (name && env[name]) || ''
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
