import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideNativeDateAdapter } from '@angular/material/core';
import { Language, Texts, provideTranslations } from '../i18n/language';
import { JsonObject } from './schema';
import { SchemaForm } from './schema-form';
import { Booking, Choice, LookupSource, provideLookup } from './sources';

const [ANNE, BRUNO, ROOM] = [1, 2, 3].map((n) => `019ad000-0000-7000-8000-00000000000${n}`) as [string, string, string];
const SCHEMA = {
  type: 'object',
  properties: {
    sessions: {
      type: 'array',
      title: 'Demi-journées',
      'x-widget': 'halfdays',
      items: {
        type: 'object',
        properties: {
          jour: { type: 'string', format: 'date' },
          demi: { oneOf: [{ const: 'am' }, { const: 'pm' }] },
          formateur: { type: 'string', 'x-widget': 'formateur' },
          salle: { type: 'string', 'x-widget': 'salle' },
        },
      },
    },
  },
};

@Component({
  imports: [SchemaForm],
  template: `<afpi-schema-form [schema]="schema" [value]="value()" (edit)="value.update($event)" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly schema = SCHEMA;
  readonly value = signal<JsonObject>({
    sessions: [{ jour: '2027-03-09', demi: 'am', formateur: BRUNO, salle: ROOM }],
  });
  add(...rows: JsonObject[]): void {
    this.value.update(({ sessions }) => ({ sessions: [...(sessions as JsonObject[]), ...rows] }));
  }
}

const OWN = { trait: { one: 'Compétence', any: 'Toutes' } };
const TEXTS: Texts = { fr: () => Promise.resolve(OWN), en: () => Promise.resolve(OWN) };

class Trainers implements LookupSource {
  readonly traits = { label: 'trait.one', any: 'trait.any' };
  choices = (): Promise<Choice[]> =>
    Promise.resolve([
      { value: ANNE, label: 'Anne', traits: ['Soudage TIG'] },
      {
        value: BRUNO,
        label: 'Bruno',
        traits: ['Électricité', 'Habilitation'],
        expiries: [
          { name: 'H0B0', on: '2027-03-08' },
          { name: 'CACES', on: '2027-03-09' },
        ],
      },
    ]);
  bookings = (): Promise<Booking[]> => Promise.resolve([]);
}
class Rooms implements LookupSource {
  choices = (): Promise<Choice[]> => Promise.resolve([{ value: ROOM, label: 'Salle 1', traits: [] }]);
  bookings = (): Promise<Booking[]> => Promise.resolve([{ day: '2027-03-09', half: 'am', by: 'OPP-7', record: 'x' }]);
}

describe('planning half-days', () => {
  async function open(...rows: JsonObject[]): Promise<HTMLElement> {
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(TEXTS),
        provideNativeDateAdapter(),
        ...[Trainers, Rooms],
        provideLookup('formateur', () => Promise.resolve(Trainers)),
        provideLookup('salle', () => Promise.resolve(Rooms)),
      ],
    });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    fixture.componentInstance.add(...rows);
    await fixture.whenStable();
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }
  const options = (host: HTMLElement, of: string): string[] =>
    [...host.querySelectorAll(`${of} option`)].map(({ textContent }) => textContent.trim());

  it('tells at its row that a room is taken elsewhere', async () => {
    const host = await open();
    await vi.waitFor(() => {
      expect(host.textContent).toContain('Salle 1\u00a0: déjà pris le mar. 9 mars 2027, matin (OPP-7)');
    });
    expect(host.querySelector('td.w-salle')?.textContent).toContain('OPP-7');
  });

  it('warns of what is no longer valid on the day, and refuses nothing for it', async () => {
    const host = await open();
    await vi.waitFor(() => {
      const notice = host.querySelector('.notice-warn');
      expect(notice?.textContent).toContain(
        'Bruno\u00a0: «\u00a0H0B0\u00a0» n’est plus valable après le lun. 8 mars 2027 (ligne 1)',
      );
    });
    expect(host.querySelectorAll('.notice-warn')).toHaveLength(1);
    expect(host.querySelector('td.w-formateur .field-error')).toBeNull();
  });

  it('narrows the choices by a trait, keeps the chosen one, shows its traits, and leaves other lookups alone', async () => {
    const host = await open();
    expect(options(host, '.planner label:has(option[value="Habilitation"])')).toEqual([
      'Toutes',
      'Électricité',
      'Habilitation',
      'Soudage TIG',
    ]);
    expect(options(host, 'td.w-formateur')).toEqual(['—', 'Anne', 'Bruno']);
    expect(host.querySelector('td.w-formateur')?.textContent).toContain('Électricité, Habilitation');
    const skill = host.querySelector<HTMLSelectElement>('.planner select:has(option[value="Habilitation"])');
    if (!skill) throw new Error('no choice of skills');
    skill.value = 'Soudage TIG';
    skill.dispatchEvent(new Event('change'));
    await vi.waitFor(() => {
      TestBed.tick();
      expect(options(host, 'td.w-formateur')).toEqual(['—', 'Anne', 'Bruno']);
    });
    const trainer = host.querySelector<HTMLSelectElement>('td.w-formateur select');
    if (!trainer) throw new Error('no trainer');
    trainer.value = ANNE;
    trainer.dispatchEvent(new Event('change'));
    await vi.waitFor(() => {
      TestBed.tick();
      expect(options(host, 'td.w-formateur')).toEqual(['—', 'Anne']);
    });
    expect(options(host, 'td.w-salle')).toEqual(['—', 'Salle 1']);
  });

  it('gives all rows what the first one has, where they have nothing', async () => {
    const host = await open({ jour: '2027-03-10', demi: 'am', formateur: ANNE }, { jour: '2027-03-11', demi: 'am' });
    const share = [...host.querySelectorAll('button')].find(({ textContent }) =>
      textContent.includes('comme la première'),
    );
    share?.click();
    await vi.waitFor(() => {
      TestBed.tick();
      const chosen = (of: string): string[] =>
        [...host.querySelectorAll<HTMLSelectElement>(`${of} select`)].map(({ value }) => value);
      expect(chosen('td.w-formateur')).toEqual([BRUNO, ANNE, BRUNO]);
      expect(chosen('td.w-salle')).toEqual([ROOM, ROOM, ROOM]);
    });
    expect(host.textContent).not.toContain('comme la première');
  });
});
