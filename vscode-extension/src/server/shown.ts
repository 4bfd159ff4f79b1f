// Which calls get a hint: what the settings say, or for a while one of the others.

/** What a set of hints is called, and the settings of hints that it stands for. */
export interface Shown {
  name: string
  hints: Record<string, unknown>
}

const every = ['inlined', 'not-inlined', 'dynamic', 'intrinsic', 'eliminated', 'mixed', 'unknown']
const reasons = [
  'too-expensive',
  'noinline-directive',
  'recursive',
  'big-caller',
  'unhandled-op',
  'no-body',
  'go-statement',
  'defer-statement',
  'race-build',
  'inlining-off',
  'closure-limit',
  'other',
]

/** The sets in the order in which the command goes round. The first is the user's own. */
export const sets: readonly Shown[] = [
  { name: 'calls that your settings choose', hints: {} },
  {
    name: 'every call that stayed a call',
    hints: { enabled: true, statuses: ['not-inlined', 'mixed', 'dynamic', 'unknown'], reasons, overrun: 0 },
  },
  { name: 'every call', hints: { enabled: true, statuses: every, reasons, overrun: 0 } },
]

/** The settings as the server gets them: without those of the client, with what is shown now. */
export function forServer(settings: unknown, shown: Shown, logLevel: string | undefined): unknown {
  if (typeof settings !== 'object' || settings === null) return settings
  const { server: _, trace: __, ...rest } = settings as Record<string, unknown>
  const hints = rest['hints']
  if (Object.keys(shown.hints).length > 0)
    rest['hints'] = { ...(typeof hints === 'object' ? hints : {}), ...shown.hints }
  if (logLevel !== undefined) rest['logLevel'] = logLevel
  return rest
}
