// Copies the server's log, which it writes to standard error, to the output channel.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import * as vscode from 'vscode'

const line = /^\S+T\S+ (debug|info|warn|error) (.*)$/

/** Copies the log, each line with its level. A line without one, such as of a panic, is an error. */
export function follow(stderr: Readable, channel: vscode.LogOutputChannel): void {
  createInterface({ input: stderr, crlfDelay: Infinity }).on('line', (text) => {
    const [, level, message] = line.exec(text) ?? [undefined, 'error', text]
    channel[level as 'debug' | 'info' | 'warn' | 'error'](message as string)
  })
}

/** The log level that the channel needs; undefined if the setting is to decide. */
export function serverLevel(level: vscode.LogLevel): string | undefined {
  return level === vscode.LogLevel.Trace || level === vscode.LogLevel.Debug ? 'debug' : undefined
}
