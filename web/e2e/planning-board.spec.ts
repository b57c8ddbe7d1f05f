/** The planning board: read, moved by keyboard and mouse, refused, undone, and a list on a phone. */
import { APIRequestContext, Page, expect } from '@playwright/test';
import { expectAccessible, expectNoSideways, expectToast, mondayAhead, signIn, test } from './support/app';
import { asAdmin } from './support/plugin-page';

interface Made {
  stamp: string;
  /** Monday and Tuesday of the week. */
  monday: string;
  tuesday: string;
  session: string;
}

/**
 * Two trainers and a room of one site. Anne has a session on Monday morning; Paul has another one on Tuesday morning,
 * and is away on Wednesday.
 */
async function week(request: APIRequestContext, ahead: number): Promise<Made> {
  const stamp = `${String(Date.now()).slice(-7)}${ahead}`;
  const admin = await asAdmin(request);
  const { data: sites } = (await admin.get('/api/localisations')) as { data: { id: string }[] };
  const localisationId = sites[0]?.id;
  const made = async (path: string, body: object): Promise<{ id: string; version: number }> => {
    const answer = await admin.post(path, body);
    expect(answer.status).toBe(201);
    return answer.body as { id: string; version: number };
  };
  const [day = '', month = '', year = ''] = mondayAhead(ahead).split('/');
  const monday = `${year}-${month}-${day}`;
  const after = (days: number): string => new Date(Date.parse(monday) + days * 86_400_000).toISOString().slice(0, 10);
  const trainer = (name: string, unavailability: object[]): Promise<{ id: string }> =>
    made('/api/formateurs', { name: `${name} ${stamp}`, kind: 'permanent', localisationId, unavailability });
  const anne = await trainer('Anne', []);
  const paul = await trainer('Paul', [{ from: after(2), to: after(2), reason: 'Congés' }]);
  const room = await made('/api/salles', { name: `Salle ${stamp}`, capacity: 8, localisationId });
  const session = async (letter: string, day: string, formateurId: string): Promise<string> => {
    const body = { numero: `S-${stamp}${letter}`, title: `Soudage ${letter}`, localisationId, capacityMax: 8 };
    const { id, version } = await made('/api/sessions', body);
    const halfDays = [{ day, half: 'am', formateurId, ...(letter === 'A' ? { salleId: room.id } : {}) }];
    expect((await admin.put(`/api/sessions/${id}/half-days`, { halfDays }, version)).status).toBe(200);
    return id;
  };
  const first = await session('A', monday, anne.id);
  await session('B', after(1), paul.id);
  return { stamp, monday, tuesday: after(1), session: first };
}

async function board(page: Page, { stamp, monday }: Made, more = ''): Promise<void> {
  await page.goto(`/planning?date=${monday}&q=${stamp}${more}`);
  await expect(page.getByRole('grid').getByRole('rowheader', { name: new RegExp(`^Anne ${stamp}`) })).toBeVisible();
}

test('a board tells sessions, absences and days off, and its address keeps the view', async ({ page, request }) => {
  test.setTimeout(240_000);
  const made = await week(request, 210);
  await signIn(page, 'planificateur');
  await page.getByRole('navigation').getByRole('link', { name: 'Planning' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Planning' })).toBeVisible();
  await board(page, made);
  const grid = page.getByRole('grid', { name: /^Planning des formateurs/ });
  const cell = (name: string, half: string): ReturnType<Page['getByRole']> =>
    grid.getByRole('gridcell', { name: new RegExp(`^${name} ${made.stamp}, ${half}`) });
  await expect(cell('Anne', 'lundi .*, matin\\s?: ')).toHaveAccessibleName(
    new RegExp(
      `S-${made.stamp}A Soudage A, 08:30–12:00, Anne ${made.stamp}, Salle ${made.stamp}, .*0 inscrit pour 8 places$`,
    ),
  );
  await expect(cell('Anne', 'lundi .*, après-midi\\s?: ')).toHaveAccessibleName(/libre$/);
  await expect(cell('Paul', 'mercredi .*, matin\\s?: ')).toHaveAccessibleName(/absent\s?: Congés$/);
  await expect(cell('Paul', 'samedi .*, matin\\s?: ')).toHaveAccessibleName(/week-end$/);
  await expectAccessible(page, 'a planning board');

  // Rooms, and a month: the address says both, and a reload shows the same.
  await page.getByRole('group', { name: 'Lignes' }).getByRole('button', { name: 'Salles' }).click();
  await page.getByRole('group', { name: 'Vue' }).getByRole('button', { name: 'Mois' }).click();
  await expect(page).toHaveURL(/vue=mois/);
  await page.reload();
  const rooms = page.getByRole('grid', { name: /^Planning des salles/ });
  await expect(rooms.getByRole('rowheader', { name: new RegExp(`^Salle ${made.stamp} 8 places`) })).toBeVisible();
  await expectAccessible(page, 'a month of rooms');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, 'a month of rooms in dark');
  await page.getByRole('button', { name: 'Mois suivant' }).click();
  await expect(page).not.toHaveURL(new RegExp(`date=${made.monday}`));
});

test('a half-day moves by keyboard, and the move is undone', async ({ page, request }) => {
  const made = await week(request, 220);
  await signIn(page, 'planificateur');
  await board(page, made);
  const grid = page.getByRole('grid');
  const at = (name: string, day: string): ReturnType<Page['getByRole']> =>
    grid.getByRole('gridcell', { name: new RegExp(`^${name} ${made.stamp}, ${day} .*, matin\\s?: `) });
  await at('Anne', 'lundi').focus();
  await page.keyboard.press('Space');
  await expect(page.locator('.cdk-live-announcer-element')).toContainText('Entrée pour poser');
  await page.keyboard.press('Escape');
  await expect(page.locator('.cdk-live-announcer-element')).toContainText('annulé');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(at('Paul', 'lundi')).toBeFocused();
  await page.keyboard.press('Enter');
  await expectToast(page, new RegExp(`S-${made.stamp}A\\s?: lundi`));
  await expect(at('Paul', 'lundi')).toHaveAccessibleName(new RegExp(`S-${made.stamp}A`));
  await expect(at('Anne', 'lundi')).toHaveAccessibleName(/libre$/);
  await expect(at('Paul', 'lundi')).toBeFocused();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await expect(at('Anne', 'lundi')).toHaveAccessibleName(new RegExp(`S-${made.stamp}A`));
  await expect(at('Paul', 'lundi')).toHaveAccessibleName(/libre$/);
});

test('the refusal of a move is told at its place, and nothing has moved', async ({ page, request }) => {
  const made = await week(request, 230);
  await signIn(page, 'planificateur');
  await board(page, made);
  const grid = page.getByRole('grid');
  const at = (name: string, day: string): ReturnType<Page['getByRole']> =>
    grid.getByRole('gridcell', { name: new RegExp(`^${name} ${made.stamp}, ${day} .*, matin\\s?: `) });
  // With the mouse, to Paul's Tuesday, which another session has.
  const [from, to] = [await at('Anne', 'lundi').boundingBox(), await at('Paul', 'mardi').boundingBox()];
  if (!from || !to) throw new Error('the cells are not shown');
  await page.mouse.move(from.x + 12, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 20, { steps: 6 });
  await expect(page.locator('.ghost')).toContainText(`S-${made.stamp}B`);
  await page.mouse.up();
  const refusal = page.getByRole('alert').filter({ hasText: 'déjà pris le mardi' });
  await expect(refusal).toContainText(`S-${made.stamp}B`);
  await expect(at('Anne', 'lundi')).toHaveAccessibleName(new RegExp(`S-${made.stamp}A`));
  await expect(at('Paul', 'mardi')).not.toHaveAccessibleName(new RegExp(`S-${made.stamp}A`));
  await expectAccessible(page, 'a refused move');
  await page.keyboard.press('Escape');
  await expect(refusal).toHaveCount(0);

  // A move with the mouse that is possible.
  await page.mouse.move(from.x + 12, from.y + 12);
  await page.mouse.down();
  const free = await at('Anne', 'jeudi').boundingBox();
  if (!free) throw new Error('the cell is not shown');
  await page.mouse.move(free.x + 20, free.y + 20, { steps: 6 });
  await page.mouse.up();
  await expect(at('Anne', 'jeudi')).toHaveAccessibleName(new RegExp(`S-${made.stamp}A`));
});

test('the panel adds a half-day, changes it, and applies it to all', async ({ page, request }) => {
  const made = await week(request, 240);
  await signIn(page, 'planificateur');
  await board(page, made);
  await page.getByRole('gridcell', { name: new RegExp(`^Anne ${made.stamp}, lundi .*, matin\\s?: `) }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: 'Soudage A' });
  await expect(panel.getByRole('heading', { name: 'Soudage A' })).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`session=${made.session}`));
  await panel.getByRole('button', { name: 'Ajouter une demi-journée' }).click();
  await expect(panel.getByLabel('Demi-journée', { exact: true })).toHaveValue('pm');
  await expectAccessible(page, 'a panel beside the board');
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expectToast(page, `S-${made.stamp}A enregistré`);
  await expect(panel.getByRole('button', { name: /^Modifier\s?: / })).toHaveCount(2);

  // Another trainer for all half-days.
  await panel.getByRole('button', { name: /^Modifier\s?: .*après-midi/ }).click();
  await panel.getByLabel('Formateur', { exact: true }).selectOption({ label: `Paul ${made.stamp}` });
  await panel.getByLabel('Appliquer le formateur et la salle à toutes les séances').check();
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel.getByRole('button', { name: new RegExp(`^Modifier\\s?: .*Paul ${made.stamp}`) })).toHaveCount(2);
  await expect(
    page.getByRole('gridcell', { name: new RegExp(`^Paul ${made.stamp}, lundi .*, matin\\s?: S-${made.stamp}A`) }),
  ).toBeVisible();

  // What is taken is told in the panel.
  await panel.getByRole('button', { name: /^Modifier\s?: .*, matin/ }).click();
  await panel.getByLabel('Jour', { exact: true }).fill(made.tuesday);
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel.getByRole('alert')).toContainText(`S-${made.stamp}B`);
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
});

test('on a phone the planning is a list by day', async ({ page, request }) => {
  const made = await week(request, 250);
  await signIn(page, 'planificateur');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/planning?date=${made.monday}&q=${made.stamp}`);
  const monday = page.getByRole('region', { name: /^lundi/i });
  await expect(monday).toContainText(`S-${made.stamp}A`);
  await expect(page.getByRole('region', { name: /^mercredi/i })).toContainText(`Paul ${made.stamp} (Congés)`);
  await expectAccessible(page, 'a planning on a phone');
  await expectNoSideways(page, 'a planning on a phone');
  await monday.getByRole('button').click();
  const panel = page.getByRole('region', { name: 'Soudage A' });
  await expect(panel.getByRole('heading', { name: 'Soudage A' })).toBeFocused();
  await expectAccessible(page, 'a session of the planning on a phone');
  await expectNoSideways(page, 'a session of the planning on a phone');
  await panel.getByRole('button', { name: 'Fermer' }).click();
  await expect(monday).toBeVisible();
});

test('who may not plan reads rooms and sessions', async ({ page, request }) => {
  const made = await week(request, 260);
  await signIn(page, 'commercial');
  await page.goto(`/planning?date=${made.monday}`);
  await expect(page.getByRole('grid', { name: /^Planning des salles/ })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Lignes' })).toHaveCount(0);
  await expectAccessible(page, 'a planning that is only read');
});
