import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Attachment } from '../../../api/models/attachment';
import { Session } from '../../../shared/auth/session';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { PanelFrame } from '../../../shared/panels/panels';
import { AttachmentClient, Holder } from '../data/attachment-client';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { Attachments } from './attachments';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };
const content = {
  mediaType: 'application/pdf',
  size: 2048,
  sha256: 'a',
  preview: false,
  state: 'ready' as Attachment['state'],
};
const made = { createdAt: '2026-11-28T10:00:00.000Z', createdBy: { id: 'u', name: 'Anne Leroy' } };
const file = (id: string, name: string, version = 1): Attachment => ({
  ...{ id, name, version, section: null, piece: null },
  ...content,
  ...made,
  versions: Array.from({ length: version }, (_, at) => ({ number: version - at, ...content, ...made })),
});

/** The same file, whose present version cannot be read. */
const withheld = (one: Attachment, state: Attachment['state']): Attachment => ({
  ...one,
  state,
  versions: one.versions.map((version, at) => (at === 0 ? { ...version, state } : version)),
});

/** The server, as far as the component sees it. */
class Client {
  all = [file('1', 'Devis.pdf', 2)];
  readonly heard: string[] = [];
  list(holder: Holder): Promise<Attachment[]> {
    this.heard.push(`list ${holder.kind} ${holder.id}`);
    return Promise.resolve(this.all);
  }
  upload(sent: File, name: string, progress: (part: number) => void): Promise<{ id: string }> {
    progress(1);
    if (sent.size === 0) return Promise.reject(new Error('empty'));
    this.heard.push(`upload ${name}`);
    return Promise.resolve({ id: name });
  }
  attach(_: Holder, upload: string, section: string | null): Promise<Attachment> {
    this.heard.push(`attach ${upload} ${section ?? '-'}`);
    return Promise.resolve(file(upload, upload));
  }
  remove(_: Holder, { id }: Attachment): Promise<void> {
    this.heard.push(`remove ${id}`);
    return Promise.resolve();
  }
}

describe('the files of a record', () => {
  async function open(may: boolean, client = new Client()): Promise<Client> {
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(TEXTS),
        PanelFrame,
        { provide: AttachmentClient, useValue: client },
        { provide: Session, useValue: { can: () => may } },
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Attachments);
    const inputs = { kind: 'opportunites', record: 'o', label: 'OPP-1', permission: 'x', section: 'devis' };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    return client;
  }
  /** Drops these files on the zone. */
  function drop(...files: File[]): void {
    const data = new DataTransfer();
    for (const one of files) data.items.add(one);
    const zone = document.querySelector('afpi-drop-zone');
    zone?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }

  it('are added by dropping several at once, each with the section of the page', async () => {
    const client = await open(true);
    drop(new File(['a'], 'un.pdf'), new File(['b'], 'deux.pdf'));
    await expect.element(page.getByRole('button', { name: 'un.pdf', exact: true })).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'deux.pdf', exact: true })).toBeVisible();
    expect(client.heard).toContain('attach un.pdf devis');
  });

  it('say why one was refused, and the message can be taken away by keyboard', async () => {
    await open(true);
    drop(new File([], 'vide.pdf'));
    await expect.element(page.getByRole('alert')).toHaveTextContent('vide.pdf');
    (page.getByRole('button', { name: 'Retirer vide.pdf de la liste' }).element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  it('take a pasted picture under a name of its own, and leave text fields their paste', async () => {
    const client = await open(true);
    const data = new DataTransfer();
    data.items.add(new File(['p'], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    await expect.element(page.getByRole('button', { name: /^image collée .*\.png$/ })).toBeVisible();
    const input = document.body.appendChild(document.createElement('input'));
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    input.remove();
    expect(client.heard.filter((one) => one.startsWith('upload'))).toHaveLength(1);
  });

  it('show their versions, and are removed only after a question', async () => {
    const client = await open(true);
    await page.getByRole('button', { name: '2 versions' }).click();
    await expect.element(page.getByRole('list', { name: 'Versions de Devis.pdf' })).toHaveTextContent('Version 1');
    await page.getByRole('button', { name: 'Actions sur Devis.pdf' }).click();
    await page.getByRole('menuitem', { name: 'Supprimer' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
    await expect.element(page.getByText('Aucun fichier')).toBeVisible();
    expect(client.heard.at(-1)).toBe('remove 1');
  });

  it('that are scanned or quarantined are neither shown nor saved', async () => {
    const client = new Client();
    client.all = [withheld(file('2', 'Virus.pdf', 2), 'quarantined'), withheld(file('3', 'Devis.pdf'), 'waiting')];
    await open(true, client);
    await expect.element(page.getByText('En cours d’analyse')).toBeVisible();
    await expect.element(page.getByText('En quarantaine')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Virus.pdf', exact: true })).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Actions sur Virus.pdf' }).click();
    await expect.element(page.getByRole('menuitem', { name: 'Télécharger' })).toBeDisabled();
    await userEvent.keyboard('{Escape}');
    await page.getByRole('button', { name: '2 versions' }).click();
    const saves = page
      .getByRole('list', { name: 'Versions de Virus.pdf' })
      .getByRole('button', { name: 'Télécharger' });
    await expect.element(saves.nth(0)).toBeDisabled();
    await expect.element(saves.nth(1)).toBeEnabled();
  });

  it('are only shown to who may not change them', async () => {
    await open(false);
    await page.getByRole('button', { name: 'Actions sur Devis.pdf' }).click();
    expect(
      page
        .getByRole('menuitem')
        .elements()
        .map((item) => item.textContent.trim()),
    ).toEqual(['Télécharger']);
    await expect.element(page.getByRole('button', { name: 'Ajouter des fichiers' })).not.toBeInTheDocument();
  });
});
