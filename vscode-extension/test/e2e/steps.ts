// Steps of one session with an editor, in order: each is a test. A step that fails keeps a
// screenshot and the server's log, and the steps after it, which build on it, fail at once.
import { it } from 'node:test'
import type { Editor } from './editor.ts'

export function stepsOf(editor: () => Editor) {
  let failed: string | undefined
  return (name: string, run: (editor: Editor) => Promise<void>) =>
    it(name, { timeout: 600_000 }, async () => {
      if (failed !== undefined) throw new Error(`not run, as "${failed}" failed`)
      try {
        await editor().page.keyboard.press('Escape') // closes what a step before left open
        await run(editor())
        editor().checkNotifications()
      } catch (error) {
        failed = name
        await editor().keep(name)
        throw error
      }
    })
}

/** The id of the server's process, as the log has it last. */
export function serverProcess(editor: Editor): number | undefined {
  const last = [...editor.log().matchAll(/runs as process (\d+)/g)].at(-1)?.[1]
  return last === undefined ? undefined : Number(last)
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
