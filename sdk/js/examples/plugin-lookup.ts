import { defineApp, http, type lookup, rateLimited, unavailable } from 'afpi-plugin';

interface Found {
  name: string;
  siret: string;
  city: string;
}

export default defineApp({
  findCompanies(_, { wanted, postcode }): lookup.Company[] {
    const q = encodeURIComponent(wanted.val);
    const answer = http.get(`https://directory.example.fr/companies?q=${q}&postcode=${postcode}`, { timeoutMs: 3_000 });
    if (answer.status === 429) throw rateLimited(1_000);
    if (!answer.ok) throw unavailable(`the directory answers ${answer.status}`);
    return answer.json<Found[]>(1 << 20).map(({ name, siret, city }) => ({
      name,
      siret,
      vatNumber: '',
      nafCode: '',
      nafNomenclature: '',
      address: { line1: '', line2: '', postcode, city, country: 'FR' },
      idcc: [],
      headcount: null,
      closed: false,
    }));
  },
});
