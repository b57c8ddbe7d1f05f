// Few scripts instead of many. The builder makes one for each set of pages that share something; here what all pages
// need becomes one script, what most need another, and so on. Its own option for this (NG_BUILD_OPTIMIZE_CHUNKS) keeps
// three times as many.
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { FORMS, FRAME, Loads, PAGES, SIGN_IN, START } from './loads.mjs';

/** Lists with a choice of columns, and a page that has none of what they share. */
const LISTS = ['/opportunites', '/entreprises', '/sessions', '/stagiaires', '/facturation'];
const NO_LIST = '/opportunites/tableau';
/** How many of the pages in `loads.mjs` are most, and how many are some. */
const MOST = 8;
const SOME = 4;

/** Bundles the scripts of a build again, in place. Returns what they hold now, and the page with the new name. */
export async function bundle(root) {
  const before = Loads.read(root);
  const main = before.holder(START[0]);
  const [start, signIn, frame, forms] = [START, SIGN_IN, FRAME, FORMS].map((sources) => before.of(sources));
  const pages = Object.values(PAGES).map((sources) => before.of(sources));
  const [home, billing] = ['/', '/facturation'].map((path) => before.of(PAGES[path]));
  const lists = LISTS.map((path) => before.of(PAGES[path]));
  const other = before.of(PAGES[NO_LIST]);
  const listed = (file) => !other.has(file) && lists.every((page) => page.has(file));
  const needed = (file) => pages.filter((page) => page.has(file)).length;
  // Each group has all that its scripts import, or it stands in a group before: no group waits for a later one.
  const groups = [
    ['start', (file) => file !== main && start.has(file)],
    ['base', (file) => signIn.has(file) && [frame, ...pages].some((other) => other.has(file))],
    ['frame', (file) => frame.has(file)],
    ['common', (file) => needed(file) >= MOST],
    ['forms', (file) => forms.has(file)],
    ['shared', (file) => needed(file) >= SOME && !listed(file)],
    ['lists', listed],
    // The start page asks much that few other pages ask too.
    // Billing asks what some records ask too, each a script of a few hundred bytes.
    ['billing', (file) => billing.has(file) && needed(file) < SOME && before.calls(file)],
    ['calls', (file) => home.has(file) && needed(file) < SOME && before.calls(file)],
  ];
  const scripts = await rolldown({ input: join(root, main), cwd: root });
  const { output } = await scripts.generate({
    minify: true,
    hashCharacters: 'base36',
    entryFileNames: 'main-[hash].js',
    chunkFileNames: ({ name }) => `${name.replace(/-\w{8}$/, '')}-[hash].js`,
    codeSplitting: {
      groups: groups.map(([name, has], index) => ({
        name: (id) => (has(basename(id)) ? name : null),
        priority: groups.length - index,
      })),
    },
  });
  await scripts.close();
  for (const file of before.files()) rmSync(join(root, file));
  for (const { fileName, code } of output) writeFileSync(join(root, fileName), code);
  const renamed = (page) => page.replace(main, output.find(({ isEntry }) => isEntry).fileName);
  return { loads: before.bundled(output), renamed };
}
