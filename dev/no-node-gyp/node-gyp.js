#!/usr/bin/env node
/** Run by `npm ci` instead of node-gyp, for packages that bring their binaries. Needs no Python and no compiler; compiles nothing. */

process.stdout.write("Nothing is compiled here: packages of this project bring their binaries.\n");
