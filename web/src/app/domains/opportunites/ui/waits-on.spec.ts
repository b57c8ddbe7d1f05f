import { TestBed } from '@angular/core/testing';
import { WaitsOn } from '../../../api/models/waits-on';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { WaitsOnView } from './waits-on';

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };

describe('who has the ball', () => {
  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS)] });
    await TestBed.inject(Language).use('fr');
  });
  async function said(on: WaitsOn[], bare = false): Promise<string> {
    const fixture = TestBed.createComponent(WaitsOnView);
    fixture.componentRef.setInput('on', on);
    fixture.componentRef.setInput('bare', bare);
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ').trim();
  }

  it('is named with the role', async () => {
    expect(await said([{ role: 'manager', names: ['Claire Martin'] }])).toBe('En attente de : Claire Martin (Manager)');
    expect(await said([{ role: 'manager', names: ['Claire Martin'] }], true)).toBe('Claire Martin');
  });

  it('is a role where nobody has it, or more than fit', async () => {
    expect(await said([{ role: 'assistante', names: [] }])).toBe('En attente de : Assistante');
    expect(
      await said(
        [
          { role: 'manager', names: [] },
          { role: 'responsable_commercial', names: ['Paul Roux'] },
        ],
        true,
      ),
    ).toBe('Paul Roux');
    expect(
      await said(
        [
          { role: 'manager', names: [] },
          { role: 'assistante', names: [] },
        ],
        true,
      ),
    ).toBe('Manager, Assistante');
    expect(await said([{ role: 'assistante', names: ['A', 'B', 'C'] }])).toBe('En attente de : Assistante (3)');
  });

  it('is somebody outside of the house first', async () => {
    const on: WaitsOn[] = [{ names: ['OPCO 2i'] }, { role: 'facturation', names: ['Léa Roy'] }];
    expect(await said(on)).toBe('En attente de : OPCO 2i Suivi par : Léa Roy (Facturation)');
    expect(await said(on, true)).toBe('OPCO 2i');
  });
});
