// Adds build tags to build flags. This file does not import the editor's API.

/** Returns the flags with the tags added to those that they set already, in one flag at the end. */
export function withTags(flags: readonly string[], tags: readonly string[]): string[] {
  const set = new Set<string>()
  const others: string[] = []
  for (const flag of flags) {
    const found = /^--?tags=(.*)$/.exec(flag)
    if (found) for (const tag of (found[1] as string).split(',').filter(Boolean)) set.add(tag)
    else others.push(flag)
  }
  for (const tag of tags) set.add(tag)
  return [...others, `-tags=${[...set].join(',')}`]
}
