#!/usr/bin/env node
// The compiler leaves no executable files; this one is.
import "../lib/build/cli.js";
