/** The evidence of a training: how much of it is there, who owes what by when, and all of it as an archive. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Preuve } from '../../../api/models/preuve';
import { PreuveKind } from '../../../api/models/preuve-kind';
import { Problems } from '../../../shared/http/problem';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { PanelFrame } from '../../../shared/panels/panels';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { EvidenceFiles } from '../../attachments/public/evidence-files';
import { ArchiveRun } from '../data/archive-run';
import { PreuveClient, Training } from '../data/preuve-client';
import { Dossiers } from '../public/dossiers';

const TONES: Record<Preuve['state'], string> = {
  there: 'tone-good',
  partial: 'tone-warn',
  missing: '',
  none: '',
};

@Component({
  selector: 'afpi-preuves',
  imports: [Dossiers, Failed, Icon, Loading, TranslocoPipe, TxtPipe],
  templateUrl: './preuves.html',
  styles: `
    progress {
      width: 100%;
      height: 8px;
    }
    .item {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 2px 10px;
      align-items: center;
      padding: 9px 18px;
    }
    .about {
      grid-column: 1 / -1;
      justify-self: start;
    }
  `,
  providers: [ArchiveRun],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Evidence {
  readonly kind = input.required<PreuveKind>();
  readonly record = input.required<string>();
  /** Another value when the record has changed. */
  readonly version = input.required<number>();
  /** Of a session: its opportunités, whose dossiers can be taken away with its own. */
  readonly opportunites = input<readonly string[]>([]);

  protected readonly run = inject(ArchiveRun);
  readonly #client = inject(PreuveClient);
  readonly #files = inject(EvidenceFiles);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly chooser = viewChild<ElementRef<HTMLInputElement>>('chooser');
  readonly #item = signal('');
  readonly #sending = signal(false);
  protected readonly busy = computed(() => this.run.busy() || this.#sending());

  readonly #training = computed<Training>(() => ({ kind: this.kind(), id: this.record() }), {
    equal: (one, other) => one.kind === other.kind && one.id === other.id,
  });
  protected readonly dossiers = computed<Training[]>(() => [
    this.#training(),
    ...this.opportunites().map((id): Training => ({ kind: 'opportunites', id })),
  ]);
  protected readonly adds = computed(() => this.#files.may(this.kind()) && !this.busy());
  protected readonly evidence = resource({
    params: () => this.#training(),
    loader: ({ params }) => this.#client.read(params),
  });
  protected readonly missing = computed(
    () => this.evidence.value()?.items.filter(({ state }) => state === 'missing' || state === 'partial').length ?? 0,
  );

  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      const percent = this.evidence.hasValue() ? this.evidence.value().percent : null;
      frame.badge.set(percent === null ? null : `${this.#format.count(percent)} %`);
    });
    // A move, a saved step or a file may have changed what is there.
    effect(() => {
      this.version();
      this.#files.changes();
      untracked(() => {
        if (this.evidence.hasValue()) this.evidence.reload();
      });
    });
  }

  protected tone({ state, late }: Preuve): string {
    return late ? 'tone-bad' : TONES[state];
  }
  protected word({ state, done, total }: Preuve): string {
    if (state === 'partial') return this.#transloco.translate('preuves.partial', { done, total });
    return this.#transloco.translate(`preuves.${state === 'missing' ? 'lacks' : state}`);
  }
  /** The indicators, and whether a funder asks for it. */
  protected about({ indicators, funder }: Preuve): string {
    const numbers = indicators.join(', ');
    return [
      numbers && this.#transloco.translate('preuves.indicators', { n: indicators.length, numbers }),
      funder && this.#transloco.translate('preuves.funder'),
    ]
      .filter(Boolean)
      .join(' · ');
  }
  /** Who, and by when. */
  protected owed({ who, role, due, late }: Preuve): string {
    const name = who ?? (role ? this.#transloco.translate(`role.${role}`) : '');
    const day = due
      ? this.#transloco.translate(late ? 'preuves.wasDue' : 'preuves.due', { day: this.#format.day(due) })
      : '';
    return [name, day].filter(Boolean).join(', ');
  }

  protected choose(item: string): void {
    this.#item.set(item);
    this.chooser()?.nativeElement.click();
  }
  protected async chosen(event: Event): Promise<void> {
    const picker = event.target as HTMLInputElement;
    const file = picker.files?.[0];
    picker.value = '';
    if (!file) return;
    this.#sending.set(true);
    try {
      await this.#files.add(this.kind(), this.record(), this.#item(), file);
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.#sending.set(false);
    }
  }

  protected save(): void {
    void this.run.start([this.#training()]);
  }
}
