// What the server gets of the settings.

/** The settings for the server: without those of the client. */
export function serverSettings(settings: unknown, logLevel: string | undefined): unknown {
  if (typeof settings !== 'object' || settings === null) return settings
  const { server: _, trace: __, ...rest } = settings as Record<string, unknown>
  if (logLevel !== undefined) rest['logLevel'] = logLevel
  return rest
}
