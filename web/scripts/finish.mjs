// Finishes a build: its many scripts become few, `boot.js` learns which ones each page loads, all text files get a
// brotli copy, and what the first pages load must keep to its budget.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle } from './bundle.mjs';
import { compress } from './compress.mjs';
import { FRAME, OWN_TEXTS, PAGES, SIGN_IN, START, texts } from './loads.mjs';

/** The most that a page may load on a first visit, compressed, in bytes: page, styles, scripts. Fonts come beside. */
const BUDGETS = { '/connexion': 130_000, '/opportunites/tableau': 200_000, '/pilotage': 200_000 };

const root = process.argv[2] && resolve(process.argv[2]);
if (!root) throw new Error('usage: finish.mjs <folder>');
// The page comes back at the very end: without it nobody takes an unfinished build for done.
const built = readFileSync(join(root, 'index.html'), 'utf8');
rmSync(join(root, 'index.html'));
const { loads, renamed } = await bundle(root);
const [fr, en] = [texts('fr'), texts('en')];
const begun = loads.of(START);

const files = [];
/** Numbers of the scripts that are not among the earlier ones. */
function numbers(sources, ...earlier) {
  return [...loads.of(sources)]
    .filter((file) => !earlier.some((known) => known.has(file)))
    .map((file) => (files.includes(file) ? files.indexOf(file) : files.push(file) - 1));
}
const framed = loads.of(FRAME);
const scripts = {
  signIn: {
    '*': numbers(SIGN_IN, begun),
    fr: numbers([...fr.start, ...fr.signIn], begun),
    en: numbers([...en.start, ...en.signIn], begun),
  },
  pages: {
    '*': numbers(FRAME, begun),
    fr: numbers([...fr.start, ...fr.signIn, ...fr.frame], begun),
    en: numbers([...en.start, ...en.signIn, ...en.frame], begun),
    ...Object.fromEntries(Object.entries(PAGES).map(([path, sources]) => [path, numbers(sources, begun, framed)])),
    ...Object.fromEntries(
      Object.entries(OWN_TEXTS).flatMap(([path, own]) =>
        ['fr', 'en'].map((language) => [`${path} ${language}`, numbers(own(language), begun)]),
      ),
    ),
  },
};
const boot = readFileSync(join(root, 'boot.js'), 'utf8').replace(
  '/* SCRIPTS */ null',
  JSON.stringify({ files, ...scripts }),
);
const name = `boot-${createHash('sha256').update(boot).digest('hex').slice(0, 8)}.js`;
writeFileSync(join(root, name), boot);
const early = [...begun].map((file) => `<link rel="modulepreload" href="${file}">`).join('');
const page = renamed(built.replaceAll(/<link rel="modulepreload"[^>]*>/g, ''))
  .replace('src="boot.js"', `src="${name}"`)
  .replace('</head>', `${early}</head>`);
rmSync(join(root, 'boot.js'));
rmSync(join(root, 'stats.json'));
compress(root);

const size = (file) => statSync(join(root, existsSync(join(root, `${file}.br`)) ? `${file}.br` : file)).size;
const styles = /href="(styles-[^"]+\.css)"/.exec(page)?.[1];
const always = [...fr.start, ...fr.signIn, ...START];
const pages = { '/connexion': SIGN_IN, ...PAGES };
let over = 0;
for (const [path, sources] of Object.entries(pages)) {
  const frame = path === '/connexion' ? [] : [...FRAME, ...fr.frame];
  const own = OWN_TEXTS[path]?.('fr') ?? [];
  const needed = loads.of([...always, ...frame, ...own, ...sources]);
  const bytes = [...needed, styles, name].reduce((sum, file) => sum + size(file), Buffer.byteLength(page));
  const most = BUDGETS[path];
  if (most && bytes > most) over++;
  const limit = most ? ` of ${most / 1000}` : '';
  console.log(`${path.padEnd(24)} ${String(needed.size).padStart(3)} scripts, ${(bytes / 1000).toFixed(1)}${limit} kB`);
}
if (over) throw new Error('A page loads more than its budget (scripts/finish.mjs).');
writeFileSync(join(root, 'index.html'), page);
