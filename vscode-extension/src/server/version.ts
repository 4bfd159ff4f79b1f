// Whether the versions of server and extension fit.

/** The oldest release of the server that has all that this extension asks for. */
export const oldestServer = '0.1.0'

/**
 * Says what is wrong with a server's version, or undefined. A build out of a checkout,
 * "(devel) 0123456789ab", or out of a commit, "v0.1.1-0.20260101…", is its builder's
 * business and fits.
 */
export function misfit(server: string | undefined): string | undefined {
  const has = release(server ?? '')
  const needs = release(oldestServer)
  if (!has || !needs) return undefined
  if (has.major > needs.major) return `The server is ${server}; this extension is made for version ${needs.major}.`
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (has[part] > needs[part]) return undefined
    if (has[part] < needs[part]) return `The server is ${server}; this extension needs v${oldestServer} or newer.`
  }
  return undefined
}

function release(text: string): { major: number; minor: number; patch: number } | undefined {
  const m = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text)
  return m ? { major: Number(m[1]), minor: Number(m[2]), patch: Number(m[3]) } : undefined
}
