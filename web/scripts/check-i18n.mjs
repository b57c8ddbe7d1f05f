// Fails when a template or a call names a text that the French dictionary lacks, when the dictionary holds one nobody
// uses, or when two parts of the application claim the same name for their texts.
// Keys put together at run time (`'role.' + role`) count as uses of everything below their fixed part.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const app = new URL('../src/app/', import.meta.url).pathname;
const files = readdirSync(app, { recursive: true });

const known = new Map();
const owners = new Map();
const claimed = [];
for (const name of files.filter((name) => /i18n\/(\w+\.)?fr\.ts$/.test(name))) {
  const js = ts.transpileModule(readFileSync(join(app, name), 'utf8'), {
    compilerOptions: { module: 'ESNext' },
  }).outputText;
  const { fr } = await import(`data:text/javascript,${encodeURIComponent(js)}`);
  for (const root of Object.keys(fr)) {
    if (owners.has(root)) claimed.push(`${root}: ${owners.get(root)}, ${name}`);
    owners.set(root, name);
  }
  flatten(fr, '');
}
function flatten(words, path) {
  for (const [key, value] of Object.entries(words)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') known.set(at, false);
    else flatten(value, at);
  }
}

const missing = [];
for (const name of files) {
  if (
    !/\.(ts|html)$/.test(name) ||
    name.startsWith('api/') ||
    /i18n\/(\w+\.)?(fr|en)\.ts$/.test(name) ||
    name.endsWith('.spec.ts')
  )
    continue;
  const text = readFileSync(join(app, name), 'utf8');
  for (const [, key] of text.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'(?!\s*\+)/g)) {
    if (!owners.has(key.split('.')[0])) continue;
    if (known.has(key)) known.set(key, true);
    else missing.push(`${name}: ${key}`);
  }
  for (const [, prefix] of text.matchAll(/['`]([a-zA-Z]+\.[\w.-]*)(?:'\s*\+|\$\{)/g)) {
    if (!owners.has(prefix.split('.')[0])) continue;
    for (const key of known.keys()) if (key.startsWith(prefix)) known.set(key, true);
  }
  for (const [, suffix] of text.matchAll(/\+ '(\.\w+)'/g)) {
    for (const key of known.keys()) if (key.endsWith(suffix)) known.set(key, true);
  }
}
// Data contains names of validator errors and problem codes that use these texts.
const byData = ['form.', 'problem.', 'connecteurs.', 'kind.', 'outcome.'];
const unused = [...known]
  .filter(([key, used]) => !used && !byData.some((prefix) => key.startsWith(prefix)))
  .map(([key]) => key);
for (const line of missing) console.error(`missing  ${line}`);
for (const line of unused) console.error(`unused   ${line}`);
for (const line of claimed) console.error(`claimed  ${line}`);
if (missing.length || unused.length || claimed.length) process.exit(1);
console.log(`${known.size} texts in ${new Set(owners.values()).size} parts, none missing, none unused`);
