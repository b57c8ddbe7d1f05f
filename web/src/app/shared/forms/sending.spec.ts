import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { ProblemError } from '../http/problem';
import { Language, provideTranslations } from '../i18n/language';
import { Rebased, rebased } from './lost-race';
import { Refusal } from './refusal';
import { sending } from './sending';

interface Person {
  version: number;
  name: string;
  town: string;
}

@Component({
  imports: [ReactiveFormsModule, Refusal],
  template: `<form [formGroup]="form">
    <afpi-refusal [said]="sending.refusal()" /><input formControlName="name" /><input formControlName="town" />
  </form>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  person: Person = { version: 1, name: 'Anne', town: 'Lille' };
  readonly form = inject(NonNullableFormBuilder).group({ name: ['Anne', Validators.required], town: ['Lille'] });
  readonly sending = sending<Person>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: (field) => `<${field}>`,
  });
  readonly sent: [number, unknown][] = [];

  save(answer: () => void): Promise<void> {
    return this.sending.run(() => {
      this.sent.push([this.person.version, this.form.getRawValue()]);
      answer();
      return Promise.resolve();
    });
  }
  #overtaken(now: Person): Rebased<unknown> {
    const after = rebased(
      this.form.getRawValue(),
      { name: this.person.name, town: this.person.town },
      { name: now.name, town: now.town },
    );
    this.person = now;
    this.form.patchValue(after.value);
    return after;
  }
}

const refuse = (code: string, more: object) => (): never => {
  throw new ProblemError({ type: `/problems/${code}`, title: 'Refusé', status: 412, code, ...more });
};
const accept = (): void => undefined;

// The test's browser has no layout to scroll.
Element.prototype.scrollIntoView = vi.fn();

describe('sending a form', () => {
  async function open() {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    const host = fixture.nativeElement as HTMLElement;
    return {
      page: fixture.componentInstance,
      alert: async () => {
        await fixture.whenStable();
        return host.querySelector('[role=alert]')?.textContent ?? '';
      },
    };
  }

  it('after a lost race says what changed, keeps what was typed, and goes through with the new version at the next click', async () => {
    const { page, alert } = await open();
    page.form.controls.name.setValue('Anna');
    await page.save(refuse('stale', { current: { version: 5, name: 'Annie', town: 'Arras' } }));
    const said = await alert();
    expect(said).toContain('Quelqu’un d’autre a enregistré entre-temps');
    expect(said).toContain('repris ici\u00a0: <town>');
    expect(said).toContain('Changé par vous deux\u00a0: <name>');
    expect(page.sending.busy()).toBe(false);
    await page.save(accept);
    expect(page.sent).toEqual([
      [1, { name: 'Anna', town: 'Lille' }],
      [5, { name: 'Anna', town: 'Arras' }],
    ]);
    expect(await alert()).toBe('');
  });

  it('shows what the server says of no field, and is ready again', async () => {
    const { page, alert } = await open();
    await page.save(
      refuse('validation', {
        fields: [
          { field: '/name', code: 'x', message: 'Trop court' },
          { field: '/other', code: 'x', message: 'Autre chose' },
        ],
      }),
    );
    expect(await alert()).toBe('Autre chose');
    expect(page.form.controls.name.errors).toEqual({ server: 'Trop court' });
    expect(page.sending.busy()).toBe(false);
    await page.save(refuse('conflict', { detail: 'Pas maintenant' }));
    expect(page.sent).toHaveLength(1);
    page.form.controls.name.setValue('Anna');
    await page.save(refuse('conflict', { detail: 'Pas maintenant' }));
    expect(await alert()).toBe('Pas maintenant');
  });

  it('sends nothing twice at a time, and nothing that is wrong', async () => {
    const { page } = await open();
    const first = page.save(accept);
    await page.save(accept);
    await first;
    expect(page.sent).toHaveLength(1);
    page.form.controls.name.setValue('');
    await page.save(accept);
    expect(page.sent).toHaveLength(1);
  });
});
