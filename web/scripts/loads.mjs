// What a page loads, by the build's own account (`stats.json`).
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const domain = (name, ...files) => [`${name}/${name}.routes`, ...files.map((file) => `${name}/feature/${file}`)];
const attachments = 'attachments/feature/panels/attachment-panels';

/** What everybody loads first, the sign-in page, the frame of the pages, and forms made from schemas. */
export const START = ['main.ts'];
export const SIGN_IN = domain('account', 'login').map((file) => `app/domains/${file}.ts`);
export const FRAME = ['app/pages.routes.ts'];
export const FORMS = ['app/shared/schema-form/schema-form.ts'];
/** The texts of a part by language. */
export const texts = (language) => ({
  start: [`app/shared/i18n/${language}.ts`],
  signIn: [`app/domains/account/i18n/${language}.ts`],
  frame: [`app/texts/${language}.ts`],
});
/** Of the pages below, those that wait for texts of their own. */
export const OWN_TEXTS = {
  '/': (language) => ['home', 'pilotage'].map((name) => `app/domains/${name}/i18n/${language}.ts`),
  '/pilotage': (language) => [`app/domains/pilotage/i18n/${language}.ts`],
  '/entreprises/*': (language) => [`app/domains/entreprises/i18n/company.${language}.ts`],
  '/facturation': (language) => [`app/texts/administration/${language}.ts`],
};
/** The pages that people open first, by path, with what they load: page and panels. `*` stands for an id. */
export const PAGES = Object.fromEntries(
  Object.entries({
    '/': domain('home', 'home'),
    '/opportunites': domain('opportunites', 'list/opportunite-list'),
    '/opportunites/tableau': domain('opportunites', 'board/board'),
    '/opportunites/nouvelle': domain('opportunites', 'create/create'),
    '/opportunites/*': [
      ...domain('opportunites', 'record/record', 'panels/record-panels'),
      ...[attachments, 'documents/feature/documents', 'sessions/feature/panels/of-opportunite'],
      'preuves/feature/panels/evidence-panels',
    ],
    '/entreprises': domain('entreprises', 'entreprise-list'),
    '/entreprises/*': [
      ...domain('entreprises', 'entreprise-page', 'panels/entreprise-panels'),
      ...[attachments, 'opportunites/feature/panels/of-entreprise'],
    ],
    '/sessions': domain('sessions', 'session-list'),
    '/sessions/*': [...domain('sessions', 'session-page'), attachments, 'preuves/feature/panels/evidence-panels'],
    '/stagiaires': domain('stagiaires', 'stagiaire-list'),
    '/facturation': domain('facturation', 'facturation', 'pieces'),
    '/pilotage': domain('pilotage', 'pilotage'),
  }).map(([path, files]) => [path, files.map((file) => `app/domains/${file}.ts`)]),
);

/** The scripts of a build: what each imports at once, and the sources it holds. */
export class Loads {
  #scripts;

  constructor(scripts) {
    this.#scripts = scripts;
  }

  /** Those of the builder. */
  static read(folder) {
    const { outputs } = JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8'));
    const scripts = Object.entries(outputs).filter(([file]) => file.endsWith('.js') && file !== 'boot.js');
    const atOnce = (imports) => imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
    return new Loads(
      new Map(
        scripts.map(([file, { imports, inputs }]) => [
          file,
          { imports: atOnce(imports), sources: new Set(Object.keys(inputs)) },
        ]),
      ),
    );
  }

  /** Those of a bundler that made chunks of these scripts. */
  bundled(chunks) {
    const sources = (id) => this.#scripts.get(basename(id))?.sources ?? [];
    return new Loads(
      new Map(
        chunks.map(({ fileName, imports, moduleIds }) => [
          fileName,
          { imports, sources: new Set(moduleIds.flatMap((id) => [...sources(id)])) },
        ]),
      ),
    );
  }

  files() {
    return [...this.#scripts.keys()];
  }

  /** Does this script hold calls of the API and nothing else? */
  calls(file) {
    return [...this.#scripts.get(file).sources].every((source) => source.startsWith('src/app/api/fn/'));
  }

  /** The script that holds a source (a path below `src/`). */
  holder(source) {
    const found = this.files().find((file) => this.#scripts.get(file).sources.has(`src/${source}`));
    if (!found) throw new Error(`No script of the build holds ${source}: mend scripts/loads.mjs.`);
    return found;
  }

  /** The scripts that hold these sources, and all that they import at once. */
  of(sources) {
    const files = new Set();
    const add = (file) => {
      if (files.has(file) || !this.#scripts.has(file)) return;
      files.add(file);
      this.#scripts.get(file).imports.forEach(add);
    };
    for (const source of sources) add(this.holder(source));
    return files;
  }
}
