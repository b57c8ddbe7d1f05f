import { ComponentFixture, TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { provideTranslations, Language } from '../i18n/language';
import { HalfTyped } from '../forms/half-typed';
import { JsonObject, JsonSchema } from './schema';
import { SchemaForm } from './schema-form';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['titre'],
  properties: {
    titre: { type: 'string', title: 'Titre', 'x-title-en': 'Title' },
    budget: { type: 'integer', title: 'Budget', 'x-widget': 'money' },
    lieu: {
      title: 'Lieu',
      oneOf: [
        { const: 'centre', title: 'Au centre' },
        { const: 'entreprise', title: 'Sur place' },
      ],
    },
    numero: { type: 'string', title: 'Numéro', readOnly: true },
    jour: { type: 'string', format: 'date', title: 'Jour' },
    taux: { type: 'number', title: 'Taux' },
    mots: { type: 'array', title: 'Mots', items: { type: 'string' } },
    suivi: {
      type: 'object',
      title: 'Suivi',
      properties: {
        le: { type: 'string', format: 'date', title: 'Le' },
        direct: { type: 'boolean', title: 'Direct' },
        note: { type: 'string', title: 'Note' },
      },
    },
    pieces: {
      type: 'array',
      title: 'Pièces',
      items: {
        oneOf: [
          { const: 'a', title: 'Planning' },
          { const: 'b', title: 'Convention' },
        ],
      },
    },
    lignes: {
      type: 'array',
      title: 'Lignes',
      items: {
        type: 'object',
        required: ['libelle'],
        properties: {
          libelle: { type: 'string', title: 'Libellé' },
          le: { type: 'string', format: 'date', title: 'Le' },
          subrogation: { type: 'boolean', title: 'Subrogation' },
          total: { type: 'integer', title: 'Total', 'x-widget': 'money', readOnly: true },
        },
      },
    },
  },
};

describe('SchemaForm', () => {
  let fixture: ComponentFixture<SchemaForm>;
  let value: JsonObject;

  async function draw(initial: JsonObject, errors = new Map<string, string>(), locked = false): Promise<HTMLElement> {
    TestBed.configureTestingModule({ providers: [provideTranslations(), provideHttpClient()] });
    await TestBed.inject(Language).use('fr');
    fixture = TestBed.createComponent(SchemaForm);
    value = initial;
    fixture.componentRef.setInput('schema', SCHEMA);
    fixture.componentRef.setInput('value', initial);
    fixture.componentRef.setInput('errors', errors);
    fixture.componentRef.setInput('locked', locked);
    fixture.componentInstance.edit.subscribe((edit) => {
      value = edit(value);
      fixture.componentRef.setInput('value', value);
    });
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as `querySelector` itself
  const find = <T extends HTMLElement = HTMLElement>(host: Element, selector: string): T => {
    const found = host.querySelector<T>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  function type(input: HTMLInputElement, text: string, event = 'input'): void {
    input.value = text;
    input.dispatchEvent(new Event(event));
  }

  it('labels every input and answers a new document at each edit', async () => {
    const host = await draw({ titre: 'Ancien' });
    const title = find<HTMLInputElement>(host, '#f-titre');
    expect(find(host, 'label[for="f-titre"]').textContent).toContain('Titre');
    expect(title.value).toBe('Ancien');
    type(title, 'Nouveau');
    expect(value).toEqual({ titre: 'Nouveau' });
  });

  it('turns typed euros into cents and a choice into its value', async () => {
    const host = await draw({});
    type(find<HTMLInputElement>(host, '#f-budget'), '1 234,5');
    expect(value['budget']).toBe(123450);
    type(find<HTMLInputElement>(host, '#f-lieu'), 'entreprise', 'change');
    expect(value['lieu']).toBe('entreprise');
  });

  it('shows what only the plugin fills in as text, once there is something', async () => {
    const host = await draw({});
    expect(host.textContent).not.toContain('Numéro');
    fixture.componentRef.setInput('value', { numero: 'D-1' });
    await fixture.whenStable();
    expect(find(host, '#f-numero').textContent).toContain('D-1');
    expect(find(host, '#f-numero').tagName).toBe('SPAN');
  });

  it('adds, reorders and removes rows, and drops sums that an edit made stale', async () => {
    const host = await draw({
      lignes: [
        { libelle: 'Un', total: 100 },
        { libelle: 'Deux', total: 250 },
      ],
    });
    expect(find(host, 'tfoot').textContent.replace(/[\u00a0\u202f]/g, ' ')).toContain('3,50 €');
    type(find<HTMLInputElement>(host, '#f-lignes-0-libelle'), 'Premier');
    expect(value['lignes']).toEqual([{ libelle: 'Premier' }, { libelle: 'Deux', total: 250 }]);
    await fixture.whenStable();
    find<HTMLButtonElement>(host, '[aria-label="Descendre la ligne 1"]').click();
    await fixture.whenStable();
    expect((value['lignes'] as JsonObject[]).map((row) => row['libelle'])).toEqual(['Deux', 'Premier']);
    expect(find(host, 'tfoot').textContent).toContain('calculé à l’enregistrement');
    find<HTMLButtonElement>(host, '[aria-label="Supprimer la ligne 1"]').click();
    await fixture.whenStable();
    find<HTMLButtonElement>(host, '.add').click();
    await fixture.whenStable();
    expect(value['lignes']).toEqual([{ libelle: 'Premier' }, {}]);
  });

  it('ties messages to their inputs', async () => {
    const host = await draw({}, new Map([['/titre', 'Il manque']]));
    const title = find<HTMLInputElement>(host, '#f-titre');
    expect(title.getAttribute('aria-invalid')).toBe('true');
    const described = title.getAttribute('aria-describedby') ?? '';
    expect(find(host, `#${described}`).textContent).toContain('Il manque');
  });

  it('offers nothing to edit when locked', async () => {
    const host = await draw({ titre: 'Fixe', budget: 1200, lignes: [{ libelle: 'Un' }] }, new Map(), true);
    expect(host.querySelectorAll('input:not([disabled]), select, textarea, button')).toHaveLength(0);
    expect(host.textContent).toContain('Fixe');
  });

  it('ticks a checklist', async () => {
    const host = await draw({ pieces: ['a'] });
    const boxes = [...host.querySelectorAll<HTMLInputElement>('#f-pieces input')];
    expect(boxes.map((box) => box.checked)).toEqual([true, false]);
    boxes[1]?.click();
    expect(value['pieces']).toEqual(['a', 'b']);
  });

  it('takes a date, a number and a list of words at each key, not when the field is left', async () => {
    const host = await draw({});
    type(find<HTMLInputElement>(host, '#f-jour'), '31/12/2026');
    expect(value['jour']).toBe('2026-12-31');
    await fixture.whenStable();
    expect(find<HTMLInputElement>(host, '#f-jour').value).toBe('31/12/2026');
    type(find<HTMLInputElement>(host, '#f-taux'), '1,5');
    expect(value['taux']).toBe(1.5);
    type(find<HTMLInputElement>(host, '#f-mots'), 'un\n');
    await fixture.whenStable();
    expect(find<HTMLInputElement>(host, '#f-mots').value).toBe('un\n');
    type(find<HTMLInputElement>(host, '#f-mots'), 'un\ndeux');
    expect(value['mots']).toEqual(['un', 'deux']);
  });

  it('keeps both of two changes in one tick, in a row, in a group and beside each other', async () => {
    const host = await draw({ titre: 'A', lignes: [{ libelle: 'Un' }, { libelle: 'Deux' }], suivi: { note: 'n' } });
    type(find<HTMLInputElement>(host, '#f-lignes-0-le'), '01/02/2027');
    find<HTMLInputElement>(host, '#f-lignes-0-subrogation').click();
    type(find<HTMLInputElement>(host, '#f-lignes-1-libelle'), 'Second');
    type(find<HTMLInputElement>(host, '#f-suivi-le'), '03/02/2027');
    find<HTMLInputElement>(host, '#f-suivi-direct').click();
    type(find<HTMLInputElement>(host, '#f-titre'), 'B');
    expect(value).toEqual({
      titre: 'B',
      suivi: { note: 'n', le: '2027-02-03', direct: true },
      lignes: [{ libelle: 'Un', le: '2027-02-01', subrogation: true }, { libelle: 'Second' }],
    });
  });

  it('says what is half-typed when asked, takes it for nothing, and forgets it on demand', async () => {
    const host = await draw({ jour: '2026-12-31', budget: 1200 });
    const halfTyped = TestBed.inject(HalfTyped);
    expect(halfTyped.within(host)).toBe(false);
    type(find<HTMLInputElement>(host, '#f-jour'), '31/12/');
    type(find<HTMLInputElement>(host, '#f-budget'), '0,195');
    expect(value).toEqual({ jour: null, budget: null });
    expect(halfTyped.within(host)).toBe(true);
    await fixture.whenStable();
    expect(host.querySelector('.field-error')).toBeNull();
    expect(halfTyped.settle(host)).toBe(false);
    await fixture.whenStable();
    expect([...host.querySelectorAll('.field-error')].map((error) => error.textContent.trim())).toEqual([
      '2 décimales au plus',
      'Date au format jj/mm/aaaa',
    ]);
    expect(find(host, '#f-jour').getAttribute('aria-invalid')).toBe('true');
    expect(find<HTMLInputElement>(host, '#f-jour').value).toBe('31/12/');
    halfTyped.drop(host);
    await fixture.whenStable();
    expect(find<HTMLInputElement>(host, '#f-jour').value).toBe('');
    expect(halfTyped.settle(host)).toBe(true);
  });

  it('reads what a browser filled in without telling', async () => {
    const host = await draw({});
    find<HTMLInputElement>(host, '#f-budget').value = '12,50';
    expect(TestBed.inject(HalfTyped).settle(host)).toBe(true);
    expect(value['budget']).toBe(1250);
  });

  it('shows amounts and numbers in the language of the page, also when that changes', async () => {
    const host = await draw({ budget: 123456, taux: 1.5 });
    expect(find<HTMLInputElement>(host, '#f-budget').value.replace(/[\u00a0\u202f]/g, ' ')).toBe('1 234,56');
    await TestBed.inject(Language).use('en');
    await fixture.whenStable();
    expect(find<HTMLInputElement>(host, '#f-budget').value).toBe('1,234.56');
    expect(find<HTMLInputElement>(host, '#f-taux').value).toBe('1.5');
    type(find<HTMLInputElement>(host, '#f-budget'), '12,345');
    expect(value['budget']).toBe(1_234_500);
  });

  it('writes the comma for the point key of a keypad', async () => {
    const host = await draw({});
    const field = find<HTMLInputElement>(host, '#f-taux');
    type(field, '12');
    field.setSelectionRange(2, 2);
    expect(
      field.dispatchEvent(new InputEvent('beforeinput', { inputType: 'insertText', data: '.', cancelable: true })),
    ).toBe(false);
    expect(field.value).toBe('12,');
    type(field, '12,5');
    expect(value['taux']).toBe(12.5);
  });

  it('moves what is half-typed with its row', async () => {
    const host = await draw({ lignes: [{ libelle: 'Un' }, { libelle: 'Deux' }] });
    type(find<HTMLInputElement>(host, '#f-lignes-1-le'), '31/1');
    await fixture.whenStable();
    find<HTMLButtonElement>(host, '[aria-label="Supprimer la ligne 1"]').click();
    await fixture.whenStable();
    expect(find<HTMLInputElement>(host, '#f-lignes-0-libelle').value).toBe('Deux');
    expect(find<HTMLInputElement>(host, '#f-lignes-0-le').value).toBe('31/1');
    expect(TestBed.inject(HalfTyped).within(host)).toBe(true);
  });

  it('offers nothing on a row that is final, nor across it, and says there what is refused', async () => {
    const lignes = { ...((SCHEMA['properties'] as JsonObject)['lignes'] as JsonObject), 'x-locked-by': 'le' };
    const host = await draw(
      { lignes: [{ libelle: 'Un', le: '2026-11-01' }, { libelle: 'Deux' }, { libelle: 'Trois' }] },
      new Map([['/lignes/0', 'Émise : ne change plus']]),
    );
    fixture.componentRef.setInput('schema', { type: 'object', properties: { lignes } });
    await fixture.whenStable();
    expect(host.querySelectorAll('[data-row="0"] :is(input, button)')).toHaveLength(0);
    expect(find(host, '[data-row="0"]').textContent).toContain('Ligne définitive');
    expect(find<HTMLButtonElement>(host, '[aria-label="Monter la ligne 2"]').disabled).toBe(true);
    expect(find<HTMLButtonElement>(host, '[aria-label="Monter la ligne 3"]').disabled).toBe(false);
    expect(host.textContent).toContain('Émise : ne change plus');
    expect(find(host, '[data-invalid]').getAttribute('data-row')).toBe('0');
  });
});
