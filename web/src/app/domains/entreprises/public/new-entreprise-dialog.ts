/** Creates a company with a few fields. The rest is entered on its own page. Closes with the company. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createEntreprise } from '../../../api/fn/entreprises/create-entreprise';
import { AnnuaireEntreprise } from '../../../api/models/annuaire-entreprise';
import { EntrepriseCreate } from '../../../api/models/entreprise-create';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { digits, formatSiret, isSiret, siretValidator, vatOf } from '../../../shared/forms/siret';
import { isProblem } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Alike } from './alike';
import { AnnuaireSearch } from './annuaire-search';
import { PickedEntreprise } from './entreprise-picker';

@Component({
  imports: [
    Alike,
    AnnuaireSearch,
    DialogActions,
    ControlState,
    Field,
    Icon,
    ReactiveFormsModule,
    Refusal,
    TranslocoPipe,
  ],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="new-entreprise-title">{{ 'entreprises.create' | transloco }}</h2>
      </header>
      <div class="body">
        @if (existing(); as other) {
          <p class="notice notice-bad" role="alert">
            <afpi-icon name="circle-alert" class="bad" /><span
              >{{ 'entreprises.known' | transloco }}
              <button
                type="button"
                class="btn-link"
                (click)="ref.close({ id: other.id, name: other.name, detail: '' })"
              >
                {{ 'picker.take' | transloco: { name: other.name } }}
              </button></span
            >
          </p>
        } @else {
          <afpi-refusal [said]="sending.refusal()" />
        }
        <afpi-alike
          [form]="form"
          [choosing]="true"
          (chosen)="ref.close({ id: $event.id ?? '', name: $event.name, detail: $event.localisation.name })"
        />
        <afpi-annuaire-search
          [form]="form"
          [site]="site.current() ?? site.mine()[0]?.id ?? null"
          [choosing]="true"
          (existing)="ref.close({ id: $event.id, name: $event.name, detail: '' })"
          (chosen)="fromDirectory = $event"
        />
        @let controls = form.controls;
        <afpi-field [label]="'entreprises.field.name' | transloco" for="ne-name" [control]="controls.name"
          ><input id="ne-name" class="input" formControlName="name" maxlength="200" autocomplete="off"
        /></afpi-field>
        <afpi-field
          [label]="'entreprises.field.siret' | transloco"
          for="ne-siret"
          [control]="controls.siret"
          [hint]="'entreprises.field.siretHint' | transloco"
          ><input
            id="ne-siret"
            class="input num"
            formControlName="siret"
            inputmode="numeric"
            maxlength="20"
            autocomplete="off"
        /></afpi-field>
        <div class="form-grid" formGroupName="address">
          @let address = controls.address.controls;
          <afpi-field [label]="'entreprises.field.postcode' | transloco" for="ne-postcode" [control]="address.postcode"
            ><input id="ne-postcode" class="input" formControlName="postcode" inputmode="numeric" autocomplete="off"
          /></afpi-field>
          <afpi-field [label]="'entreprises.field.city' | transloco" for="ne-city" [control]="address.city"
            ><input id="ne-city" class="input" formControlName="city" autocomplete="off"
          /></afpi-field>
        </div>
      </div>
      <footer
        afpiDialogActions
        [busy]="sending.busy()"
        [save]="'picker.createSubmit'"
        (cancelled)="ref.close(null)"
      ></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewEntrepriseDialog {
  readonly #api = inject(Api);
  readonly #fb = inject(NonNullableFormBuilder);
  protected readonly site = inject(Site);
  protected readonly ref = inject<DialogRef<PickedEntreprise | null>>(DialogRef);
  protected readonly form = this.#fb.group({
    name: [inject<string>(DIALOG_DATA), [Validators.required, Validators.maxLength(200)]],
    siret: ['', siretValidator],
    address: this.#fb.group({ postcode: [''], city: [''] }),
  });
  protected readonly sending = sending(this.form);
  /** What a directory knows beyond the fields of this dialog. */
  protected fromDirectory: AnnuaireEntreprise | null = null;
  /** The company that already has this SIRET. */
  protected readonly existing = signal<{ id: string; name: string } | null>(null);

  protected save(): Promise<void> {
    this.existing.set(null);
    return this.sending.run(async () => {
      const { name, siret, address } = this.form.getRawValue();
      const bare = digits(siret);
      const beyond = this.fromDirectory?.siret === bare ? known(this.fromDirectory) : {};
      const site = this.site.current();
      try {
        const { id, localisation } = await this.#api.invoke(createEntreprise, {
          body: {
            name: name.trim(),
            ...(isSiret(bare) ? { siret: bare, vatNumber: vatOf(bare.slice(0, 9)) } : {}),
            ...beyond,
            address: {
              ...beyond.address,
              postcode: address.postcode.trim() || null,
              city: address.city.trim() || null,
            },
            ...(site ? { localisationId: site } : {}),
          },
        });
        this.ref.close({
          id,
          name: name.trim(),
          detail: [bare && formatSiret(bare), address.city.trim(), localisation.name].filter(Boolean).join(' · '),
        });
      } catch (error) {
        if (isProblem(error, 'duplicate')) this.existing.set(error.problem.existing ?? null);
        throw error;
      }
    });
  }
}

function known({ nafCode, nafNomenclature, idcc, address }: AnnuaireEntreprise): Partial<EntrepriseCreate> {
  const { line1, line2, country } = address;
  return {
    nafCode: nafCode ?? null,
    nafNomenclature: nafNomenclature ?? null,
    idcc: idcc.length === 1 ? (idcc[0] ?? null) : null,
    address: { line1: line1 ?? null, line2: line2 ?? null, country: country ?? null },
  };
}
