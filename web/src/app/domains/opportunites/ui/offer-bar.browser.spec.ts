import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { Offer } from '../../../api/models/offer';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { WorkflowView } from '../util/workflow-view';
import { OfferBar } from './offer-bar';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };
const both = (text: string) => ({ fr: text, en: text });
const WORKFLOW = new WorkflowView({
  ...{ id: 'w', version: '1', label: both('Parcours'), statuses: [], transitions: [] },
  sections: [
    {
      ...{ id: 'a', label: both('Étape A'), owners: [], editors: [] },
      form: { type: 'object', properties: { prix: { type: 'integer', title: 'Prix' } } },
    },
  ],
});
const offer = (transition: string, direction: Offer['direction'], blocked = false): Offer => ({
  ...{ transition, direction, label: both(transition), allowed: !blocked },
  blockers: blocked ? [{ field: '/a/prix', code: 'missing', message: both('Il manque un prix') }] : [],
});

describe('the moves of a record', () => {
  async function open(offers: Offer[]): Promise<string[]> {
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS)] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(OfferBar);
    const heard: string[] = [];
    fixture.componentRef.setInput('offers', offers);
    fixture.componentRef.setInput('workflow', WORKFLOW);
    fixture.componentInstance.take.subscribe(({ transition }) => heard.push(`take ${transition}`));
    fixture.componentInstance.jump.subscribe(({ field }) => heard.push(`jump ${field}`));
    await fixture.whenStable();
    return heard;
  }

  it('that lead on are buttons, the first the main one; the others are in a menu', async () => {
    const heard = await open([offer('Annuler', 'stop'), offer('Valider', 'forward'), offer('Suspendre', 'pause')]);
    await expect.element(page.getByRole('button', { name: 'Valider' })).toHaveClass('btn-primary');
    await page.getByRole('button', { name: 'Valider' }).click();
    (page.getByRole('button', { name: 'Autres actions' }).element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}{ArrowDown}');
    await expect.element(page.getByRole('menuitem', { name: 'Suspendre' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(heard).toEqual(['take Valider', 'take Suspendre']);
    await expect.element(page.getByRole('button', { name: 'Autres actions' })).toHaveFocus();
  });

  it('that are blocked say what is missing, and lead to it', async () => {
    const heard = await open([offer('Soumettre', 'forward', true)]);
    await page.getByRole('button', { name: /Soumettre/ }).click();
    await expect.element(page.getByRole('menuitem')).toHaveTextContent('Étape A › Prix');
    await page.getByRole('menuitem', { name: /Il manque un prix/ }).click();
    expect(heard).toEqual(['jump /a/prix']);
  });
});
