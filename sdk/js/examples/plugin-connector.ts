import { defineConnector, http, text } from 'afpi-plugin';

const NAMES = 'https://directory.example.fr/names';

export default defineConnector({
  check: () => [{ name: 'GET /names', ok: answers(NAMES), message: text('Annuaire', 'Directory') }],

  open() {
    const names = http.get(NAMES).json<string[]>(1 << 20);
    return {
      next(max) {
        const items = names.splice(0, max).map((name) => ({
          entity: 'entreprise',
          externalId: name,
          parent: '',
          archived: false,
          fields: JSON.stringify({ name }),
        }));
        const finished = names.length === 0;
        const completed = finished ? ['entreprise'] : [];
        return { items, skipped: [], entity: 'entreprise', done: items.length, total: 0, completed, finished };
      },
    };
  },
});

function answers(url: string): boolean {
  try {
    return http.get(url).ok;
  } catch {
    return false;
  }
}
