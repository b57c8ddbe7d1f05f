#!/usr/bin/env node
// Compares what belongs together: every alert has a test in which it fires, a runbook in docs/MONITORING.md, and no runbook
// is left over; alerts and dashboards name only metrics that the host has or that an exporter brings; every metric of the host
// and every code of a problem is described. Needs only Node. Ends with: N passed, N failed.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files as dashboards } from '../deploy/grafana/dashboards.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (...path) => readFileSync(join(ROOT, ...path), 'utf8');
const list = (...path) => readdirSync(join(ROOT, ...path));
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

let passed = 0;
let failed = 0;
function check(name, complaints) {
  if (complaints.length === 0) return void passed++;
  failed++;
  console.log(`FAILED ${name}: ${complaints.join('; ')}`);
}

const rules = list('deploy/prometheus').filter((file) => /^(?!.*\.test)(alerts|infrastructure|slo)\.yml$/.test(file));
const page = read('docs/MONITORING.md');
const sections = all(page, /^### (\w+)$/gm);
const alerts = [];
const expressions = [];
for (const file of rules) {
  const text = read('deploy/prometheus', file);
  const tests = read('deploy/prometheus', file.replace('.yml', '.test.yml'));
  const names = all(text, /- alert: (\w+)/g);
  alerts.push(...names);
  expressions.push(...all(text, /expr: ((?:\|\n(?: {10,}.*\n)+)|.+)/g));
  check(
    `${file}: each alert fires in a test`,
    names.filter((name) => !new RegExp(`alertname: ${name}\\n\\s+exp_alerts:`).test(tests)),
  );
  check(
    `${file}: each alert names its runbook`,
    names.filter((name) => !text.includes(`runbook: "docs/MONITORING.md#${name.toLowerCase()}"`)),
  );
}
check(
  'each alert has a runbook',
  alerts.filter((name) => !sections.includes(name)),
);
check(
  'each runbook is of an alert',
  sections.filter((name) => !alerts.includes(name)),
);

// Names of metrics: of the host, and of exporters by their prefix.
const source = read('host/platform/src/ops/metrics.rs');
const own = [...new Set(all(source, /"(afpi_[a-z_]+)"/g))];
check(
  'each metric is described',
  own.filter((name) => !page.includes(`\`${name}\``)),
);
const described = all(page, /^\| `(afpi_[a-z_]+)` \|/gm);
check(
  'only metrics are described',
  described.filter((name) => !own.includes(name)),
);

// Codes of problems: the kinds of errors, in kebab case.
const kinds = /pub enum ErrorKind \{([\s\S]*?)\n\}/.exec(read('host/core/src/error.rs'))[1];
const codes = all(kinds, /^ {4}([A-Z]\w+),/gm).map((kind) => kind.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase());
const handling = read('docs/ERROR_HANDLING.md');
check(
  'each code of a problem is described',
  codes.length > 40 ? codes.filter((code) => !handling.includes(`\`${code}\``)) : ['no codes were found'],
);

const EXPORTERS = /^(up|probe_\w+|process_\w+|mysql_\w+|redis_\w+|nginx_\w+|node_\w+|afpi:\w+)$/;
const stem = (name) => name.replace(/_(bucket|sum|count)$/, '');
const unknown = (expression) => {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\b(by|without|on|ignoring|group_left|group_right) *\([^)]*\)/g, '');
  const words = bare.match(/[a-zA-Z_:][\w:]*/g) ?? [];
  return words.filter(
    (word) =>
      /^(afpi|mysql|redis|nginx|node|probe|process)_/.test(word) &&
      !own.includes(word) &&
      !own.includes(stem(word)) &&
      !EXPORTERS.test(word),
  );
};
check('alerts name metrics that exist', expressions.flatMap(unknown));
const written = new Map(dashboards());
check('the dashboards are as deploy/grafana/dashboards.mjs writes them', [
  ...[...written].filter(([file, text]) => read('deploy/grafana/dashboards', file) !== text).map(([file]) => file),
  ...list('deploy/grafana/dashboards').filter((file) => !written.has(file)),
]);
for (const file of written.keys()) {
  const queries = all(read('deploy/grafana/dashboards', file), /"expr": "((?:[^"\\]|\\.)*)"/g).map((text) =>
    JSON.parse(`"${text}"`),
  );
  check(`${file}: names metrics that exist`, queries.flatMap(unknown));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
