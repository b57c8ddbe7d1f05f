/** Merges two companies: which stays, whose value each field takes, who is the same person, and what moves besides. */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { mergeEntreprises } from '../../../api/fn/entreprises/merge-entreprises';
import { previewFusion } from '../../../api/fn/entreprises/preview-fusion';
import { Contact } from '../../../api/models/contact';
import { FusionFields } from '../../../api/models/fusion-fields';
import { FusionPreview } from '../../../api/models/fusion-preview';
import { FusionSide } from '../../../api/models/fusion-side';
import { Problems } from '../../../shared/http/problem';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { mergeRows } from '../data/merge-rows';
import { Merge } from '../data/merges';

/** The two companies; the first one is proposed to stay. */
export type Couple = readonly [string, string];

const RELATIONS = [
  'opportunites',
  'attachments',
  'notes',
  'taches',
  'courriels',
  'externalIds',
  'encaissements',
] as const;

@Component({
  imports: [DialogActions, Failed, Icon, Loading, TranslocoPipe],
  templateUrl: './merge-dialog.html',
  styles: `
    .table td {
      white-space: pre-line;
      overflow-wrap: anywhere;
    }
    .choice {
      display: flex;
      gap: 8px;
      align-items: baseline;
    }
    .people {
      display: grid;
      gap: 10px;
    }
    h3 {
      margin: 0;
      font-size: 14px;
    }
    .people label {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr);
      gap: 12px;
      align-items: center;
    }
    @media (max-width: 560px) {
      .people label {
        grid-template-columns: 1fr;
        gap: 4px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MergeDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  protected readonly ref = inject<DialogRef<Merge | null>>(DialogRef);
  protected readonly couple = signal(inject<Couple>(DIALOG_DATA));
  protected readonly busy = signal(false);
  /** Why the merge was refused. */
  protected readonly refusal = signal('');

  protected readonly preview = resource({
    params: () => this.couple(),
    loader: ({ params: [id, absorbed] }) =>
      this.#api.invoke(previewFusion, { id, body: { absorbed, absorbedVersion: 1 } }),
  });
  readonly #shown = computed<FusionPreview | null>(() => (this.preview.hasValue() ? this.preview.value() : null));
  protected readonly sides = linkedSignal<FusionFields>(() => this.#shown()?.fields ?? {});
  /** The contact of the survivor that each contact of the other one joins. */
  protected readonly joins = linkedSignal<Record<string, string>>(() =>
    Object.fromEntries((this.#shown()?.contacts ?? []).map(({ id, into }) => [id, into ?? ''])),
  );
  protected readonly rows = computed(() => {
    const shown = this.#shown();
    if (!shown) return [];
    return mergeRows(shown.survivor, shown.absorbed, {
      kind: (kind) => this.#transloco.translate(`entrepriseKind.${kind}`),
      active: (active) => this.#transloco.translate(`entreprises.activeFilter.${active}`),
    });
  });
  protected readonly relations = computed(() => {
    const counts = this.#shown()?.relations;
    return counts ? RELATIONS.map((name) => ({ name, n: counts[name] })).filter(({ n }) => n > 0) : [];
  });

  protected named({ firstName, lastName }: Contact): string {
    return [firstName, lastName].filter(Boolean).join(' ');
  }
  protected choose(field: keyof FusionFields, side: FusionSide): void {
    this.sides.update((sides) => ({ ...sides, [field]: side }));
  }
  protected join(contact: string, event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.joins.update((joins) => ({ ...joins, [contact]: value }));
  }
  protected swap(): void {
    this.refusal.set('');
    this.couple.update(([one, other]) => [other, one]);
  }

  protected async apply(event: Event): Promise<void> {
    event.preventDefault();
    const shown = this.#shown();
    if (!shown || this.busy()) return;
    this.busy.set(true);
    this.refusal.set('');
    const { survivor, absorbed } = shown;
    try {
      const { id } = await this.#api.invoke(mergeEntreprises, {
        id: survivor.id,
        'If-Match': `"${survivor.version}"`,
        body: {
          absorbed: absorbed.id,
          absorbedVersion: absorbed.version,
          fields: this.sides(),
          contacts: Object.entries(this.joins()).map(([contact, into]) => ({ id: contact, into: into || null })),
        },
      });
      this.ref.close({ id, survivor: { id: survivor.id, name: survivor.name }, absorbed: absorbed.name });
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
      // Somebody was faster: what is on screen is old.
      this.preview.reload();
    } finally {
      this.busy.set(false);
    }
  }
}
