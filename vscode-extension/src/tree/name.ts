// Names of functions, short enough for the side bar.

/** A name in a row, and what it leaves out of the name. */
export interface ShortName {
  name: string
  /** The package of a method of another package: "sync" of "sync.(*RWMutex).Unlock". */
  of: string
}

/** How many characters of a name the side bar has room for beside figures. */
const room = 24

/**
 * The receiver's type and the name: "RWMutex.Unlock" for "sync.(*RWMutex).Unlock". Where
 * that is too long, the receiver is cut, as the function's own name says more. What is no
 * method stays as it is: "fmt.Sprintf".
 */
export function shortName(full: string): ShortName {
  const plain = withoutTypes(full)
  const pointer = /^(.*?)\(\*([^)]+)\)\.(.+)$/.exec(plain)
  if (pointer) {
    const [, path, type, method] = pointer as unknown as [string, string, string, string]
    return { name: `${cut(type, method)}.${method}`, of: path.replace(/\.$/, '') }
  }
  const dot = plain.indexOf('.')
  return {
    name:
      dot > 0 && plain.length > room ? `${cut(plain.slice(0, dot), plain.slice(dot + 1))}${plain.slice(dot)}` : plain,
    of: '',
  }
}

/** A receiver or package, cut so that it fits with the name. */
function cut(receiver: string, name: string): string {
  const left = Math.max(room - name.length - 1, 4)
  return receiver.length > left ? `${receiver.slice(0, left - 1)}…` : receiver
}

/** A name without type arguments, which differ between the instances of a generic function. */
export function withoutTypes(name: string): string {
  let depth = 0
  let text = ''
  for (const c of name) {
    if (c === '[') depth++
    if (depth === 0) text += c
    if (c === ']') depth--
  }
  return text
}
