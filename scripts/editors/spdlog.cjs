// Takes the place of @vscode/spdlog, which is compiled code that npm's package does not
// have. Without it the editor writes no logs, and its Output view stays empty. It has
// what the editor calls, writes at once, and rotates nothing: the logs are short-lived.
const fs = require('node:fs')
const path = require('node:path')

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical']

class Logger {
  constructor(file) {
    this.file = file
    this.least = 2
    this.bare = false
  }

  setLevel(level) {
    this.least = level
  }

  getLevel() {
    return this.least
  }

  clearFormatters() {
    this.bare = true
  }

  setPattern() {}
  flush() {}
  drop() {}

  write(level, message) {
    if (level < this.least) return
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '')
    fs.appendFileSync(this.file, this.bare ? message : `${time} [${levels[level]}] ${message}\n`)
  }
}
for (const [level, name] of ['trace', 'debug', 'info', 'warn', 'error', 'critical'].entries()) {
  Logger.prototype[name] = function (message) {
    this.write(level, message)
  }
}

async function createLogger(_name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true })
  return new Logger(file)
}

// One by one, so that an import by name finds them.
exports.version = 0
exports.setLevel = () => {}
exports.setFlushOn = () => {}
exports.Logger = Logger
exports.createRotatingLogger = createLogger
exports.createAsyncRotatingLogger = createLogger
