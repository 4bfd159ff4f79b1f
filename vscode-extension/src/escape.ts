// Escapes text that comes from a repository: names of files, errors of the compiler, values
// of settings. The editor interprets links and icons in texts, in a syntax of its own for
// each kind of text. Untrusted text must not contain any.

/**
 * The text as one line, without invisible characters and without those that change the
 * direction of text.
 */
export function oneLine(text: string): string {
  return text.replace(/[\n\t]/g, ' ').replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** For labels, in which $(name) is an icon. */
export function label(text: string): string {
  return oneLine(text).replace(/\$\([a-z0-9-]+(?:~[a-z0-9-]*)?\)/gi, '\\$&')
}

/** For messages, in which [text](address) is a link, also to a command. */
export function message(text: string): string {
  return oneLine(text).replaceAll('](', '] (')
}

/** For the details of a status, in which there are links and icons. */
export function detail(text: string): string {
  return label(message(text))
}

/** For Markdown that is read elsewhere. */
export function markdown(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>|~&#]/g, '\\$&')
}

/** For Markdown that the editor shows, in which a bare address is a link, too. */
export function hover(text: string): string {
  return markdown(text).replace(/[:@.]/g, '\\$&')
}

/** A command as a link, for Markdown that the editor shows. */
export function commandLink(title: string, command: string, args: readonly unknown[] = []): string {
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29')
  return `[${hover(title)}](command:${command}${args.length > 0 ? `?${query}` : ''})`
}

/** For Markdown, a name as code. */
export function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``
}
