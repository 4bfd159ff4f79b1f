// Steps of one session with an editor, in their order: each is a test, and one that
// fails keeps a picture of the screen and the server's log.
import { it } from 'node:test'
import type { Editor } from './editor.ts'

export function stepsOf(editor: () => Editor) {
  return (name: string, run: (editor: Editor) => Promise<void>) =>
    it(name, { timeout: 240_000 }, async () => {
      try {
        await editor().page.keyboard.press('Escape') // what a step before left open
        await run(editor())
      } catch (error) {
        await editor().keep(name)
        throw error
      }
    })
}

/** The number of the server's process, as the log has it last. */
export function serverProcess(editor: Editor): number | undefined {
  const all = [...editor.log().matchAll(/runs as process (\d+)/g)]
  const last = all.at(-1)?.[1]
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
