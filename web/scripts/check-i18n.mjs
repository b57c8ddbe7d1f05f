// Fails when a template or a call names a text that the French dictionary lacks, or the dictionary holds one nobody uses.
// Keys put together at run time (`'role.' + role`) count as uses of everything below their fixed part.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const app = new URL('../src/app/', import.meta.url).pathname;
const folder = join(app, 'shared/i18n/fr');

const known = new Map();
for (const name of readdirSync(folder)) {
  const js = ts.transpileModule(readFileSync(join(folder, name), 'utf8'), {
    compilerOptions: { module: 'ESNext' },
  }).outputText;
  const [words] = Object.values(await import(`data:text/javascript,${encodeURIComponent(js)}`));
  flatten(words, '');
}
function flatten(words, path) {
  for (const [key, value] of Object.entries(words)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') known.set(at, false);
    else flatten(value, at);
  }
}
const roots = new Set([...known.keys()].map((key) => key.split('.')[0]));

const missing = [];
for (const name of readdirSync(app, { recursive: true })) {
  if (
    !/\.(ts|html)$/.test(name) ||
    name.startsWith('api/') ||
    name.startsWith('shared/i18n/') ||
    name.endsWith('.spec.ts')
  )
    continue;
  const text = readFileSync(join(app, name), 'utf8');
  for (const [, key] of text.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'(?!\s*\+)/g)) {
    if (!roots.has(key.split('.')[0])) continue;
    if (known.has(key)) known.set(key, true);
    else missing.push(`${name}: ${key}`);
  }
  for (const [, prefix] of text.matchAll(/['`]([a-zA-Z]+\.[\w.-]*)(?:'\s*\+|\$\{)/g)) {
    if (!roots.has(prefix.split('.')[0])) continue;
    for (const key of known.keys()) if (key.startsWith(prefix)) known.set(key, true);
  }
  for (const [, suffix] of text.matchAll(/\+ '(\.\w+)'/g)) {
    for (const key of known.keys()) if (key.endsWith(suffix)) known.set(key, true);
  }
}
// Names of validator errors and problem codes reach these texts through data.
const byData = ['form.', 'problem.', 'connecteurs.', 'kind.', 'outcome.'];
const unused = [...known]
  .filter(([key, used]) => !used && !byData.some((prefix) => key.startsWith(prefix)))
  .map(([key]) => key);
for (const line of missing) console.error(`missing  ${line}`);
for (const line of unused) console.error(`unused   ${line}`);
if (missing.length || unused.length) process.exit(1);
console.log(`${known.size} texts, none missing, none unused`);
