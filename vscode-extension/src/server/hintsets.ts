// Sets of hints: the one that the settings choose, and others to switch to for a while.
import { hintReasons, type SettingName, type Status, statuses } from '../generated.ts'

/** A set of hints: its name, and the settings of hints that it replaces. */
interface HintSet {
  name: string
  hints: { [N in SettingName as N extends `hints.${infer Rest}` ? Rest : never]?: unknown }
}

const stayed: Status[] = ['not-inlined', 'mixed', 'dynamic', 'unknown']
const all = { enabled: true, reasons: hintReasons, overrun: 0 }

/** The sets, in the order in which the command shows them. The first is the user's own. */
export const hintSets: readonly [HintSet, HintSet, HintSet] = [
  { name: 'calls that your settings choose', hints: {} },
  { name: 'every call that was not inlined', hints: { ...all, statuses: stayed } },
  { name: 'every call', hints: { ...all, statuses } },
]

/** The settings for the server: without those of the client, and with the set of hints that is shown. */
export function serverSettings(settings: unknown, set: HintSet, logLevel: string | undefined): unknown {
  if (typeof settings !== 'object' || settings === null) return settings
  const { server: _, trace: __, ...rest } = settings as Record<string, unknown>
  const hints = rest['hints']
  if (Object.keys(set.hints).length > 0) {
    rest['hints'] = { ...(typeof hints === 'object' ? hints : {}), ...set.hints }
  }
  if (logLevel !== undefined) rest['logLevel'] = logLevel
  return rest
}
