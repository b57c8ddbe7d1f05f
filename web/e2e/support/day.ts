/** What the days of the roles start from: a file that has come to a section, and the page that tells what to do. */
import { APIRequestContext, Locator, Page, expect } from '@playwright/test';
import { freshSiret, mondayAhead } from './app';
import { Admin, asAdmin } from './plugin-page';

/** The file of a day. */
export interface Dossier {
  id: string;
  numero: string;
  title: string;
}
/** The section that a file has come to. */
export type Reached = 'validation' | 'devis' | 'montage' | 'planification' | 'documents' | 'facturation';

interface Answer {
  opportunite: { id: string; numero: string; version: number };
}

/** `dd/mm/yyyy` as the API writes it. */
export function iso(day: string): string {
  return day.split('/').reverse().join('-');
}

/**
 * A file of the demo's commercial that the others have brought to this section. A section is filled in as its people do
 * it; the days of these people have tests of their own.
 */
export async function dossier(request: APIRequestContext, title: string, reached: Reached): Promise<Dossier> {
  const admin = await asAdmin(request);
  const { data: sites } = (await admin.get('/api/localisations')) as { data: { id: string; code: string }[] };
  const localisationId = sites.find(({ code }) => code === 'AFPI-02')?.id ?? '';
  const { data: people } = (await admin.get(`/api/users/commerciaux?localisationId=${localisationId}`)) as {
    data: { id: string; name: string }[];
  };
  const company = await made(admin, '/api/entreprises', {
    name: `Forges ${title}`,
    siret: freshSiret(),
    address: { line1: '1 rue des Forges', postcode: '02100', city: 'Saint-Quentin' },
    localisationId,
  });
  const { opportunite } = (await made(admin, '/api/opportunites', {
    entrepriseId: company['id'],
    commercialId: people.find(({ name }) => name.includes('Démo'))?.id,
    title,
    budget: 300_000,
    kind: 'intra-entreprise',
    localisationId,
  })) as unknown as Answer;
  const file: Dossier = { id: opportunite.id, numero: opportunite.numero, title };
  const sections: [Reached, () => Promise<void>][] = [
    ['validation', () => collected(admin, file)],
    ['devis', () => move(admin, file, 'valider')],
    ['montage', () => sold(admin, file)],
    ['planification', () => funded(admin, file)],
    ['documents', () => planned(admin, file, localisationId)],
    ['facturation', () => prepared(admin, file)],
  ];
  for (const [name, bring] of sections) {
    await bring();
    if (name === reached) break;
  }
  return file;
}

async function collected(admin: Admin, file: Dossier): Promise<void> {
  await fill(admin, file, 'collecte', {
    contacts: [{ nom: 'Anne Leroy', email: 'a.leroy@exemple.fr', decideur: true }],
    objectifs: 'Souder en autonomie, procédé TIG.',
    participants: 8,
    debutSouhaite: iso(mondayAhead(40)),
  });
  await move(admin, file, 'soumettre');
}
async function sold(admin: Admin, file: Dossier): Promise<void> {
  await fill(admin, file, 'devis', {
    lignes: [{ libelle: 'Soudage TIG', quantite: 4, unite: 'jour', prixUnitaire: 125_025, tva: 'exonere' }],
  });
  await move(admin, file, 'envoyer_devis');
  await move(admin, file, 'accepter_devis', { signataire: 'Anne Leroy' });
}
async function funded(admin: Admin, file: Dossier): Promise<void> {
  await fill(admin, file, 'montage', { partEntreprise: 500_100 });
  await move(admin, file, 'valider_financement');
}
/** Planned with a trainer of its own, so that two files never want the same one. */
async function planned(admin: Admin, file: Dossier, localisationId: string): Promise<void> {
  const trainer = await made(admin, '/api/formateurs', {
    name: `Formateur ${file.title}`,
    kind: 'permanent',
    localisationId,
  });
  const jour = iso(mondayAhead(60));
  await fill(admin, file, 'planification', {
    numeroSession: `S-${file.numero}`,
    sessions: ['am', 'pm'].map((demi) => ({ jour, demi, formateur: trainer['id'] })),
  });
  await move(admin, file, 'planifier');
}

/** The papers are at hand, those of the time after the training, too. */
async function prepared(admin: Admin, file: Dossier): Promise<void> {
  const pieces = [
    'fiche_programme',
    'planning',
    'evaluation_prealable',
    'convention',
    'bulletins_inscription',
    'feuilles_presence',
  ];
  const suivi = pieces.map((piece) => ({ piece, motif: 'Au dossier papier' }));
  await fill(admin, file, 'documents', { pieces, suivi });
  await move(admin, file, 'documents_prets');
}

async function made(admin: Admin, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await admin.post(path, body);
  expect(answer.status, `POST ${path}: ${JSON.stringify(answer.body)}`).toBe(201);
  return answer.body as Record<string, unknown>;
}
async function version(admin: Admin, { id }: Dossier): Promise<number> {
  return ((await admin.get(`/api/opportunites/${id}`)) as Answer).opportunite.version;
}
async function fill(admin: Admin, file: Dossier, section: string, data: object): Promise<void> {
  const path = `/api/opportunites/${file.id}/sections/${section}`;
  const answer = await admin.put(path, data, await version(admin, file));
  expect(answer.status, `PUT ${path}: ${JSON.stringify(answer.body)}`).toBe(200);
}
async function move(admin: Admin, file: Dossier, name: string, input: object = {}): Promise<void> {
  const path = `/api/opportunites/${file.id}/transitions/${name}`;
  const answer = await admin.post(path, input, await version(admin, file));
  expect(answer.status, `POST ${path}: ${JSON.stringify(answer.body)}`).toBe(200);
}

/** The group of the start page in which a file waits: its heading says what is to be done. */
export function waiting(page: Page, { numero }: Dossier, what: string | RegExp): Locator {
  return page
    .getByRole('region', { name: 'À vous de jouer' })
    .getByRole('region', { name: what })
    .getByRole('link')
    .filter({ hasText: numero });
}

/** Opens a file from the start page, where it waits under what is to be done. */
export async function takeUp(page: Page, file: Dossier, what: string | RegExp): Promise<void> {
  await findWaiting(page, file, what);
  await waiting(page, file, what).click();
  await expect(page.getByRole('heading', { level: 1, name: file.title })).toBeVisible();
}

/** The next person finds the file at home, under what is to be done with it. */
export async function findWaiting(page: Page, file: Dossier, what: string | RegExp): Promise<void> {
  await page.goto('/');
  const inbox = page.getByRole('region', { name: 'À vous de jouer' });
  await expect(inbox.getByRole('link').first()).toBeVisible();
  const group = inbox.getByRole('region', { name: what });
  await expect(group).toBeVisible();
  const more = group.getByRole('button', { name: /^Afficher/ });
  if (await more.isVisible()) await more.click();
  await expect(waiting(page, file, what)).toBeVisible();
}
