// Text that comes from a repository: names of files, words of compilers, values of
// settings. Each place of the editor that shows text has a syntax of its own; what is
// foreign goes through one of these, so that none of it is taken for that.

/**
 * One line without characters that are not seen, or that change the order or the lines
 * of what stands around them.
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

/** For Markdown, a name as code. */
export function code(text: string): string {
  return '`' + oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|') + '`'
}
