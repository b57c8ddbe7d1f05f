import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dialog, DialogRef } from '@angular/cdk/dialog';
import { FormsModule, NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { page, userEvent } from 'vitest/browser';
import { Language, provideTranslations } from '../i18n/language';
import { DateInput } from './date-input';
import { sending } from './sending';

@Component({
  imports: [DateInput, FormsModule, ReactiveFormsModule],
  template: `
    <form class="dialog" [formGroup]="form">
      <header><h2 id="dialog-title">Fiche</h2></header>
      <div class="body">
        <label>Nom <input class="input" formControlName="name" /></label>
        <label for="day">Jour</label><afpi-date-input inputId="day" formControlName="day" />
      </div>
      <footer><button type="button" class="btn" (click)="ref.close()">Fermer</button></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Form {
  readonly ref = inject<DialogRef>(DialogRef);
  readonly form = inject(NonNullableFormBuilder).group({ name: ['Anne'], day: [null as string | null] });
  readonly sending = sending(this.form);
}

describe('a dialog with a form, by keyboard', () => {
  const form = page.getByRole('dialog');
  const question = page.getByRole('alertdialog');

  async function open(): Promise<void> {
    TestBed.configureTestingModule({ providers: [provideTranslations()] });
    await TestBed.inject(Language).use('fr');
    TestBed.inject(Dialog).open(Form, { panelClass: 'dialog-panel', ariaLabelledBy: 'dialog-title' });
    TestBed.tick();
    await expect.element(page.getByLabelText('Nom')).toHaveFocus();
  }

  it('closes on Escape while nothing is typed', async () => {
    await open();
    await userEvent.keyboard('{Escape}');
    await expect.element(form).not.toBeInTheDocument();
  });

  it('asks before Escape drops what was typed, and gives the focus back', async () => {
    await open();
    await userEvent.keyboard('{End} Roy{Escape}');
    await expect.element(question).toHaveTextContent('votre saisie sera perdue');
    await question.getByRole('button', { name: 'Revenir à la saisie' }).click();
    await expect.element(page.getByLabelText('Nom')).toHaveValue('Anne Roy');
    await expect.element(page.getByLabelText('Nom')).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await question.getByRole('button', { name: 'Fermer sans enregistrer' }).click();
    await expect.element(form).not.toBeInTheDocument();
  });

  it('asks for what is half-typed, too', async () => {
    await open();
    await userEvent.keyboard('{Tab}12/{Escape}');
    await expect.element(question).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByLabelText('Jour', { exact: true })).toHaveValue('12/');
  });
});
