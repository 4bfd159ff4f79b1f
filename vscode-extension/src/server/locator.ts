// Finds the server's program. It starts nothing but "go env".
import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where to look. */
export interface Places {
  /** The setting inlinelens.server.path; "" if it is not set. */
  setting: string
  /** The folder of the extension. */
  extension: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

export type Source = 'setting' | 'bundled' | 'PATH' | 'GOBIN'

export type Found =
  | { ok: true; path: string; source: Source }
  /** problem is set if the setting names something that cannot be run. */
  | { ok: false; problem?: string; tried: string[] }

/** Looks in the setting, then in the extension, in PATH, and where go install puts programs. */
export async function locate(places: Places): Promise<Found> {
  if (places.setting !== '') {
    const path = expandHome(places.setting)
    if (!isAbsolute(path))
      return {
        ok: false,
        problem: `inlinelens.server.path must be absolute, and is "${places.setting}"`,
        tried: [path],
      }
    if (await runnable(path)) return { ok: true, path, source: 'setting' }
    return {
      ok: false,
      problem: `inlinelens.server.path is "${places.setting}", and there is no program there`,
      tried: [path],
    }
  }
  const name = places.platform === 'win32' ? 'inlinelens.exe' : 'inlinelens'
  const tried: string[] = []
  const first = async (dirs: string[]): Promise<string | undefined> => {
    for (const dir of dirs) {
      const path = join(dir, name)
      tried.push(path)
      if (await runnable(path)) return path
    }
    return undefined
  }
  const rooms: [Source, () => Promise<string[]>][] = [
    ['bundled', async () => [join(places.extension, 'bin')]],
    [
      'PATH',
      async () =>
        pathOf(places.env)
          .split(delimiter)
          .filter((dir) => isAbsolute(dir)),
    ],
    ['GOBIN', () => installDirs(places.env)],
  ]
  for (const [source, dirs] of rooms) {
    const path = await first(await dirs())
    if (path !== undefined) return { ok: true, path, source }
  }
  return { ok: false, tried }
}

/** The folders that "go install" may have put a program into. */
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
    // In no module, so that no go.mod can ask for another toolchain.
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

/** On Windows, PATH may be spelt in any case. */
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
