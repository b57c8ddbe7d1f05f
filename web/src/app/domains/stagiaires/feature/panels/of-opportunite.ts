/** The trainees of an opportunité: a table with a line to add one more, and rows pasted from a spreadsheet. */
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
  viewChild,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { StagiaireOfOpportunite } from '../../../../api/models/stagiaire-of-opportunite';
import { Undo } from '../../../../shared/forms/undo';
import { ProblemError, Problems } from '../../../../shared/http/problem';
import { DayPipe, Format } from '../../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { Confirm } from '../../../../shared/ui/confirm';
import { Icon } from '../../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../../shared/ui/states';
import { ToastStore } from '../../../../shared/ui/toast-store';
import { RecordSubject } from '../../../opportunites/public/record-subject';
import { StagiaireClient } from '../../data/stagiaire-client';
import { hoursOf } from '../../util/hours';
import { PasteDialog } from '../paste-dialog';
import { StagiaireDialog } from '../stagiaire-dialog';

@Component({
  imports: [DayPipe, Empty, Failed, Icon, Loading, TranslocoPipe],
  template: `
    @if (people.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="people.reload()" /></div>
    } @else if (!people.hasValue()) {
      <afpi-loading [rows]="3" />
    } @else {
      @let all = people.value();
      @if (all.data.length) {
        <div class="table-wrap">
          <table class="table cards" [attr.aria-label]="'stagiaires.title' | transloco">
            <thead>
              <tr>
                <th scope="col">{{ 'stagiaires.name' | transloco }}</th>
                <th scope="col">{{ 'stagiaires.birth' | transloco }}</th>
                <th scope="col">{{ 'stagiaires.email' | transloco }}</th>
                <th scope="col">{{ 'stagiaires.company' | transloco }}</th>
                <th scope="col" class="num">{{ 'stagiaires.hours' | transloco }}</th>
                <th scope="col">
                  <span class="sr-only">{{ 'common.actions' | transloco }}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              @for (person of all.data; track person.id) {
                <tr>
                  <td class="main">
                    <span class="name">{{ person.lastName }} {{ person.firstName }}</span>
                    @if (person.duplicateOf) {
                      <span class="chip tone-warn" [attr.title]="twin(person)">{{
                        'stagiaires.duplicate' | transloco
                      }}</span>
                    }
                  </td>
                  <td [attr.data-label]="'stagiaires.birth' | transloco">{{ (person.birthDate | day) || '—' }}</td>
                  <td class="long" [attr.data-label]="'stagiaires.email' | transloco">{{ person.email ?? '—' }}</td>
                  <td class="long" [attr.data-label]="'stagiaires.company' | transloco">{{ person.company ?? '—' }}</td>
                  <td class="num" [attr.data-label]="'stagiaires.hours' | transloco">{{ hours(person) }}</td>
                  <td class="right">
                    @if (all.editable) {
                      <span class="row-nowrap tools">
                        <button
                          type="button"
                          class="btn btn-quiet btn-icon btn-s"
                          [attr.aria-label]="'stagiaires.edit' | transloco: { name: person.name }"
                          (click)="edit(person)"
                        >
                          <afpi-icon name="pencil" [size]="16" />
                        </button>
                        <button
                          type="button"
                          class="btn btn-quiet btn-icon btn-s"
                          [attr.aria-label]="'stagiaires.remove' | transloco: { name: person.name }"
                          (click)="remove(person)"
                        >
                          <afpi-icon name="trash" [size]="16" />
                        </button>
                      </span>
                    }
                  </td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <afpi-empty
          icon="users"
          [title]="'stagiaires.none' | transloco"
          [text]="(all.editable ? 'stagiaires.noneText' : 'stagiaires.noneRead') | transloco"
        />
      }
      @if (all.editable) {
        <form
          class="card-foot add"
          data-line
          novalidate
          [attr.aria-label]="'stagiaires.addTitle' | transloco"
          (submit)="add($event)"
        >
          @for (field of FIELDS; track field) {
            <label class="cell">
              <span class="sr-only"
                >{{ 'stagiaires.addTitle' | transloco }} {{ 'stagiaires.' + field | transloco }}</span
              >
              <input
                #cell
                class="input input-s"
                autocomplete="off"
                [name]="field"
                [placeholder]="'stagiaires.' + field | transloco"
                [value]="draft()[field] ?? ''"
                [attr.aria-invalid]="errors().has(field) || null"
                [attr.aria-describedby]="errors().size ? 'stagiaire-refused' : null"
                (input)="type(field, $any($event.target).value)"
              />
            </label>
          }
          <button type="submit" class="btn btn-s" [disabled]="busy()">
            <afpi-icon name="plus" [size]="15" />{{ 'stagiaires.add' | transloco }}
          </button>
          <button type="button" class="btn btn-s" (click)="paste()">
            <afpi-icon name="copy" [size]="15" />{{ 'stagiaires.paste' | transloco }}
          </button>
          @if (errors().size) {
            <p id="stagiaire-refused" class="bad small refused" role="alert">{{ refused() }}</p>
          }
        </form>
      }
    }
  `,
  styles: `
    .name {
      font-weight: 600;
    }
    .long {
      overflow-wrap: anywhere;
    }
    .tools {
      gap: 0;
      justify-content: flex-end;
    }
    .add {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }
    .cell {
      flex: 1 1 130px;
    }
    .refused {
      flex: 1 0 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfOpportunite implements PanelContent<RecordSubject> {
  readonly subject = input.required<RecordSubject>();
  readonly #client = inject(StagiaireClient);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly FIELDS = ['lastName', 'firstName', 'email', 'company'] as const;
  protected readonly first = viewChild<ElementRef<HTMLInputElement>>('cell');
  readonly #id = computed(() => this.subject().record.id);
  protected readonly people = resource({
    params: () => this.#id(),
    loader: ({ params }) => this.#client.of(params),
  });
  /** The line that is being typed. */
  protected readonly draft = signal<Record<string, string>>({});
  protected readonly errors = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly refused = computed(() => [...new Set(this.errors().values())].join(' '));
  protected readonly busy = signal(false);

  constructor() {
    inject(Undo).afterwards(() => this.people.reload());
    const frame = inject(PanelFrame);
    effect(() => {
      const count = this.people.hasValue() ? this.people.value().data.length : 0;
      frame.badge.set(count ? this.#format.count(count) : null);
    });
  }

  protected hours(person: StagiaireOfOpportunite): string {
    return hoursOf(person, this.#format, this.#transloco);
  }
  protected twin({ duplicateOf }: StagiaireOfOpportunite): string {
    const all = this.people.hasValue() ? this.people.value().data : [];
    const name = all.find(({ id }) => id === duplicateOf)?.name ?? '';
    return this.#transloco.translate('stagiaires.duplicateOf', { name });
  }
  protected type(field: string, text: string): void {
    this.draft.update((draft) => ({ ...draft, [field]: text }));
    this.errors.update((errors) => new Map([...errors].filter(([name]) => name !== field)));
  }

  /** Enter adds the line and leads back to its first cell. */
  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    const { lastName = '', firstName = '', ...more } = this.draft();
    this.busy.set(true);
    try {
      const rest = Object.fromEntries(Object.entries(more).filter(([, text]) => text.trim()));
      const made = await this.#client.add(this.#id(), { lastName, firstName, ...rest });
      this.draft.set({});
      this.errors.set(new Map());
      this.people.reload();
      this.#toasts.done(this.#transloco.translate('stagiaires.added', { name: made.name }));
      this.first()?.nativeElement.focus();
    } catch (error) {
      const fields = error instanceof ProblemError ? error.fields : new Map<string, string>();
      const named = [...fields].map(([pointer, message]) => [pointer.replace(/^\//, ''), message] as const);
      this.errors.set(new Map(named.length ? named : [['', this.#problems.message(error)]]));
      const wrong = this.FIELDS.find((field) => this.errors().has(field));
      if (wrong) this.#host.querySelector<HTMLInputElement>(`input[name="${wrong}"]`)?.focus();
    } finally {
      this.busy.set(false);
    }
  }
  protected async edit(person: StagiaireOfOpportunite): Promise<void> {
    try {
      const data = await this.#client.get(person.id);
      const ref = this.#dialog.open(StagiaireDialog, {
        data,
        panelClass: 'dialog-panel',
        ariaLabelledBy: 'stagiaire-title',
      });
      await firstValueFrom(ref.closed);
      this.people.reload();
    } catch (error) {
      this.#problems.report(error);
    }
  }
  protected async paste(): Promise<void> {
    const ref = this.#dialog.open<number>(PasteDialog, {
      data: this.#id(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'paste-title',
    });
    const added = await firstValueFrom(ref.closed);
    if (!added) return;
    this.#toasts.done(this.#transloco.translate('stagiaires.pasted', { n: added }));
    this.people.reload();
  }
  protected async remove(person: StagiaireOfOpportunite): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.#transloco.translate('stagiaires.removeTitle', { name: person.name }),
      body: this.#transloco.translate('stagiaires.removeBody'),
      yes: this.#transloco.translate('stagiaires.remove', { name: person.name }),
      danger: true,
    });
    if (!sure) return;
    try {
      await this.#client.remove(person);
      this.#toasts.done(this.#transloco.translate('stagiaires.removed'));
    } catch (error) {
      this.#problems.report(error);
    }
    this.people.reload();
  }
}
