/** Creates or changes a training product. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createProduit } from '../../../api/fn/produits/create-produit';
import { updateProduit } from '../../../api/fn/produits/update-produit';
import { Produit } from '../../../api/models/produit';
import { ProduitCreate } from '../../../api/models/produit-create';
import { Session } from '../../../shared/auth/session';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Undo } from '../../../shared/forms/undo';
import { JsonObject, fieldsOf, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { documentOf, requestOf, schemaOf } from '../util/produit-schema';

@Component({
  imports: [DialogActions, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog" novalidate (submit)="save($event)">
      <header>
        <h2 id="produit-title">{{ (before() ? 'produits.edit' : 'produits.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-schema-form
          [schema]="schema"
          [value]="value()"
          (edit)="value.update($event)"
          [errors]="sending.errors()"
        />
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(null)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProduitDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  /** The product as last read; `null` for a new one. */
  protected readonly before = signal(inject<Produit | null>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<Produit | null>>(DialogRef);
  protected readonly schema = schemaOf(this.before(), inject(Session).me()?.reach !== 'network');
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#document(this.before()));
  protected readonly sending = schemaSending<Produit>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(this.before()),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.before();
      const saved = before ? await this.#change(before, this.value()) : await this.#create();
      if (before) this.#undo.saved(() => this.#change(saved, this.#document(before)));
      else this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    });
  }

  #create(): Promise<Produit> {
    return this.#api.invoke(createProduit, { body: pruned(requestOf(this.value())) as unknown as ProduitCreate });
  }
  /** `null` clears: every field of the form is sent. */
  #change({ id, version }: Produit, value: JsonObject): Promise<Produit> {
    const all = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(value[key] ?? null) ?? null]));
    return this.#api.invoke(updateProduit, { id, 'If-Match': `"${version}"`, body: requestOf(all) });
  }
  #overtaken(now: Produit): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.before()), this.#document(now));
    this.before.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(record: Produit | null): JsonObject {
    return record ? documentOf(record) : withDefaults(this.#fields, {});
  }
}
