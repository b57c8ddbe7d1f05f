import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dialog, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { Language, provideTranslations } from '../i18n/language';
import { sending } from './sending';

@Component({
  imports: [ReactiveFormsModule],
  template: `<form [formGroup]="form">
    <input id="typed" formControlName="name" /><button type="button" (click)="ref.close()">x</button>
  </form>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Form {
  readonly ref = inject<DialogRef>(DialogRef);
  readonly form = inject(NonNullableFormBuilder).group({ name: ['Anne'] });
  readonly sending = sending(this.form);
}

describe('a dialog with a form', () => {
  const open = async (): Promise<void> => {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    TestBed.inject(Dialog).open(Form);
    await settle();
  };
  const settle = async (): Promise<void> => {
    TestBed.tick();
    await new Promise((resolve) => setTimeout(resolve, 5));
    TestBed.tick();
  };
  const opened = (): number => TestBed.inject(Dialog).openDialogs.length;
  const press = async (): Promise<void> => {
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true, cancelable: true }),
    );
    await settle();
  };
  const type = (): void => {
    const field = document.querySelector<HTMLInputElement>('#typed');
    if (!field) throw new Error('no field');
    field.value = 'Anna';
    field.dispatchEvent(new Event('input'));
  };
  const answer = async (words: string): Promise<void> => {
    [...document.querySelectorAll<HTMLButtonElement>('[role=alertdialog] button')]
      .find(({ textContent }) => textContent.includes(words))
      ?.click();
    await settle();
  };

  it('closes at once while nothing is typed', async () => {
    await open();
    await press();
    expect(opened()).toBe(0);
  });

  it('asks before Escape and a click beside it drop what was typed', async () => {
    await open();
    type();
    await press();
    expect(opened()).toBe(2);
    await answer('Revenir à la saisie');
    expect(opened()).toBe(1);
    expect(document.querySelector<HTMLInputElement>('#typed')?.value).toBe('Anna');
    document.querySelector<HTMLElement>('.cdk-overlay-backdrop')?.click();
    await settle();
    expect(opened()).toBe(2);
    await answer('Fermer sans enregistrer');
    expect(opened()).toBe(0);
  });

  it('closes by its buttons', async () => {
    await open();
    type();
    document.querySelector<HTMLButtonElement>('form button')?.click();
    await settle();
    expect(opened()).toBe(0);
  });
});
