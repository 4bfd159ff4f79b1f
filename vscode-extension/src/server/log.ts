// The server's log, which it writes to its standard error, in the output channel.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import * as vscode from 'vscode'

const line = /^\S+T\S+ (debug|info|warn|error) (.*)$/

/** Passes the log on, each line with its level; what has none, such as a panic, is an error. */
export function follow(stderr: Readable, channel: vscode.LogOutputChannel): void {
  createInterface({ input: stderr, crlfDelay: Infinity }).on('line', (text) => {
    const [, level, message] = line.exec(text) ?? [undefined, 'error', text]
    channel[level as 'debug' | 'info' | 'warn' | 'error'](message as string)
  })
}

/** The server's name of a level, or undefined where the channel asks for less than the setting may. */
export function serverLevel(level: vscode.LogLevel): string | undefined {
  return level === vscode.LogLevel.Trace || level === vscode.LogLevel.Debug ? 'debug' : undefined
}
