// Package position converts between the coordinates that the compiler, the
// engine and editors use for one text, and follows places when it is edited.
//
// These are the coordinates:
//
//   - Offset: bytes from the start of the text, 0-based; the length of the text
//     is the offset of its end. Everything inside the program is said in offsets.
//   - Line and column of the compiler, of go/token and of reports: both 1-based,
//     the column in bytes. Only \n ends a line, so that the \r of \r\n is the
//     line's last byte; a byte order mark counts as the three bytes that it is.
//   - [Point], the position of the language server protocol: line and character,
//     both 0-based. A line ends at \n, \r\n or \r, and the character counts code
//     units of the [Encoding] agreed on with the editor: bytes (UTF-8), UTF-16
//     code units, or code points (UTF-32).
//   - Offset in the compiled text and offset in the current text: a [Shift] leads
//     from one to the other for declarations that were not edited.
//
// A byte that is not part of valid UTF-8 counts as one unit in every encoding:
// editors that decode it show U+FFFD, one unit of UTF-16 and of UTF-32, and those
// that work on bytes keep it as it is.
//
// The package knows no files, no syntax trees and no protocol types; it does not
// apply edits, and it has no opinion on which encoding to agree on. //line
// directives are not looked at: they name places in other texts.
package position
