/** The data of an opportunité's page: the record, its workflow, its history, and unsaved section documents. */
import { Injectable, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { Api } from '../../../api/api';
import { getHistorique } from '../../../api/fn/opportunites/get-historique';
import { Opportunite } from '../../../api/models/opportunite';
import { rebased, same } from '../../../shared/forms/lost-race';
import { DocumentEdit } from '../../../shared/schema-form/edits';
import { JsonObject, entered, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { documentOf } from '../util/describe';
import { OpportuniteClient } from './opportunite-client';
import { WorkflowStore } from './workflow-store';

@Injectable()
export class RecordStore {
  readonly #client = inject(OpportuniteClient);
  readonly #api = inject(Api);
  readonly #workflows = inject(WorkflowStore);
  readonly #id = signal<string | undefined>(undefined);

  readonly #loaded = resource({ params: () => this.#id(), loader: ({ params }) => this.#client.get(params) });
  /** The server's last answer, after a read or a write. */
  readonly #record = linkedSignal<Opportunite | undefined>(() =>
    this.#loaded.hasValue() ? this.#loaded.value() : undefined,
  );
  /** The workflow of the record. A change of the record alone does not change it. */
  readonly #decides = computed(
    () => {
      const record = this.#record();
      return record && { localisation: record.localisation, workflow: record.workflow };
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  readonly #workflow = resource({
    params: () => this.#decides(),
    loader: ({ params }) => this.#workflows.of(params),
  });
  readonly history = resource({
    params: () => {
      const record = this.#record();
      return record ? { id: record.id, version: record.version } : undefined;
    },
    loader: async ({ params }) => (await this.#api.invoke(getHistorique, { id: params.id })).data,
  });
  readonly #refused = signal(0);
  readonly #drafts = signal<ReadonlyMap<string, JsonObject>>(new Map());

  readonly record = this.#record.asReadonly();
  readonly workflow = computed(() => (this.#workflow.hasValue() ? this.#workflow.value() : undefined));
  readonly error = computed(() => this.#loaded.error() ?? this.#workflow.error());
  /** The record's section. Outside all sections (suspended, cancelled) its last one, from the history. */
  readonly stands = computed(() => {
    const [record, workflow] = [this.#record(), this.workflow()];
    const known = (section: string | undefined): boolean =>
      section !== undefined && workflow !== undefined && workflow.rank(section) >= 0;
    if (!record || known(record.section)) return record?.section ?? '';
    const deeds = (this.history.hasValue() ? this.history.value() : []).filter(({ kind }) => kind !== 'refused');
    return (
      deeds
        .flatMap(({ source, target }) => [target, source])
        .map((status) => workflow?.status(status ?? '')?.section)
        .find(known) ?? ''
    );
  });
  /** How many moves were refused here: they change the history, and not the record. */
  readonly refused = this.#refused.asReadonly();
  /** Sections with edits that are not saved. */
  readonly dirty = computed(() => [...this.#drafts().keys()]);
  /** Those documents, by section. */
  readonly typed = computed((): Record<string, JsonObject> => Object.fromEntries(this.#drafts()));

  /** A move was refused. A plugin's refusal is in the history, too. */
  refuse(): void {
    this.#refused.update((count) => count + 1);
    this.history.reload();
  }
  show(id: string): void {
    if (this.#id() === id) return;
    this.#drafts.set(new Map());
    this.#id.set(id);
  }
  reload(): void {
    if (this.#loaded.error()) this.#loaded.reload();
    else if (this.#workflow.error()) this.#workflow.reload();
    else this.#loaded.reload();
  }

  /** Reads the record again, below unsaved edits. What cannot be read now is read with the next save. */
  async renew(): Promise<void> {
    const id = this.#id();
    if (id === undefined) return;
    const now = await this.#client.get(id).catch(() => null);
    if (now && this.#id() === id) this.accept(now);
  }

  /** Takes over the server's present record. Unsaved edits stay, on top of other people's changes. */
  accept(record: Opportunite): void {
    const seen = this.#record();
    const drafts = [...this.#drafts()];
    this.#record.set(record);
    for (const [section, mine] of drafts)
      this.edit(section, () => rebased(mine, documentOf(seen, section), documentOf(record, section)).value);
  }

  saved(section: string): JsonObject {
    return documentOf(this.#record(), section);
  }
  draft(section: string): JsonObject {
    return this.#drafts().get(section) ?? this.saved(section);
  }
  edit(section: string, edit: DocumentEdit): void {
    const drafts = new Map(this.#drafts());
    const document = edit(this.draft(section));
    // Typing a value and removing it again is no change, although the affected sums are gone until the next save.
    const fields = fieldsOf(this.workflow()?.section(section)?.form ?? {});
    const [now, before] = [document, this.saved(section)].map((one) => pruned(entered(fields, one)));
    if (same(now, before)) drafts.delete(section);
    else drafts.set(section, document);
    this.#drafts.set(drafts);
  }
  forget(section: string): void {
    const drafts = new Map(this.#drafts());
    drafts.delete(section);
    this.#drafts.set(drafts);
  }
  forgetAll(): void {
    this.#drafts.set(new Map());
  }

  /**
   * Saves one section's draft against the version that was read. Text typed meanwhile stays a draft. Returns a function
   * that restores the old document. Rejects with the server's problem.
   */
  async save(section: string): Promise<(() => Promise<Opportunite>) | null> {
    const record = this.#record();
    if (!record) return null;
    const former = this.saved(section);
    const sent = this.draft(section);
    const answer = await this.#client.putSection(record, section, (pruned(sent) ?? {}) as JsonObject);
    const later = this.draft(section);
    this.forget(section);
    this.accept(answer);
    if (later !== sent) this.edit(section, () => rebased(later, sent, documentOf(answer, section)).value);
    return () => this.#client.putSection(answer, section, (pruned(former) ?? {}) as JsonObject);
  }
}
