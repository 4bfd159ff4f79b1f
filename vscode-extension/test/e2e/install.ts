// Installs the extensions that tests use, once for all of them.
import { installExtensions } from './codeserver.ts'
import { goplsBeside, installed, packaged, universal } from './vsix.ts'

installExtensions(installed.alone, [packaged])
installExtensions(installed.withGopls, [packaged, goplsBeside])
installExtensions(installed.withoutServer, [universal])
