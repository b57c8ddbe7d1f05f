import { ComponentFixture, TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { provideTranslations, Language } from '../i18n/language';
import { JsonObject, JsonSchema } from './schema';
import { SchemaForm } from './schema-form';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['titre'],
  properties: {
    titre: { type: 'string', title: 'Titre', 'x-title-en': 'Title' },
    budget: { type: 'integer', title: 'Budget', 'x-widget': 'money' },
    lieu: { title: 'Lieu', oneOf: [{ const: 'centre', title: 'Au centre' }, { const: 'entreprise', title: 'Sur place' }] },
    numero: { type: 'string', title: 'Numéro', readOnly: true },
    pieces: { type: 'array', title: 'Pièces', items: { oneOf: [{ const: 'a', title: 'Planning' }, { const: 'b', title: 'Convention' }] } },
    lignes: {
      type: 'array', title: 'Lignes',
      items: {
        type: 'object', required: ['libelle'],
        properties: { libelle: { type: 'string', title: 'Libellé' }, total: { type: 'integer', title: 'Total', 'x-widget': 'money', readOnly: true } },
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
    fixture.componentInstance.value.subscribe((next) => { value = next; });
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
    const host = await draw({ lignes: [{ libelle: 'Un', total: 100 }, { libelle: 'Deux', total: 250 }] });
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
});
