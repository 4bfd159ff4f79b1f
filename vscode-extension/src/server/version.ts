// Whether the versions of the server and the extension are compatible.

/** The oldest release of the server that has everything this extension uses. */
export const oldestServer = '0.1.0'

/**
 * Says what is wrong with a server's version, or returns undefined. Builds that are no
 * releases, "(devel) 0123456789ab" or "v0.1.1-0.20260101…", are accepted.
 */
export function versionProblem(server: string | undefined): string | undefined {
  const has = release(server ?? '')
  const needs = release(oldestServer)
  if (!has || !needs) return undefined
  if (has.major > needs.major)
    return `The Inlinelens server is ${server}; this extension needs major version ${needs.major}.`
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (has[part] > needs[part]) return undefined
    if (has[part] < needs[part])
      return `The Inlinelens server is ${server}; this extension needs v${oldestServer} or later.`
  }
  return undefined
}

function release(text: string): { major: number; minor: number; patch: number } | undefined {
  const m = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text)
  return m ? { major: Number(m[1]), minor: Number(m[2]), patch: Number(m[3]) } : undefined
}
