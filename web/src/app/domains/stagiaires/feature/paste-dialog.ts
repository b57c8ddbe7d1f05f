/** Adds trainees from rows of a spreadsheet: pastes them, shows how they were read, adds those that are right. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { StagiaireCreate } from '../../../api/models/stagiaire-create';
import { StagiairePreviewRow } from '../../../api/models/stagiaire-preview-row';
import { StagiairesPreview } from '../../../api/models/stagiaires-preview';
import { guardDialog } from '../../../shared/forms/dialog-guard';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { StagiaireClient } from '../data/stagiaire-client';

@Component({
  imports: [DayPipe, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="paste-title">{{ 'stagiaires.paste' | transloco }}</h2>
      </header>
      <div class="body stack">
        @if (failed(); as message) {
          <p class="notice notice-bad" role="alert">{{ message }}</p>
        }
        @if (preview(); as read) {
          @if (read.rows.length) {
            <p class="muted small">{{ 'stagiaires.pasteColumns' | transloco: { columns: columns() } }}</p>
            @if (read.leftOut) {
              <p class="notice notice-warn">{{ 'stagiaires.pasteLeft' | transloco }}</p>
            }
            <div class="table-wrap rows">
              <table class="table" [attr.aria-label]="'stagiaires.pasteText' | transloco">
                <thead>
                  <tr>
                    <th scope="col">
                      <span class="sr-only">{{ 'stagiaires.add' | transloco }}</span>
                    </th>
                    <th scope="col" class="num">{{ 'stagiaires.line' | transloco }}</th>
                    <th scope="col">{{ 'stagiaires.name' | transloco }}</th>
                    <th scope="col">{{ 'stagiaires.birth' | transloco }}</th>
                    <th scope="col">{{ 'stagiaires.email' | transloco }}</th>
                    <th scope="col">{{ 'stagiaires.company' | transloco }}</th>
                  </tr>
                </thead>
                <tbody>
                  @for (row of read.rows; track row.line) {
                    <tr [class.wrong]="row.problems.length">
                      <td>
                        <input
                          type="checkbox"
                          [attr.aria-label]="'stagiaires.take' | transloco: { line: row.line }"
                          [disabled]="row.problems.length > 0"
                          [checked]="taken().has(row.line)"
                          (change)="toggle(row.line)"
                        />
                      </td>
                      <td class="num">{{ row.line }}</td>
                      <td>
                        {{ row.lastName }} {{ row.firstName }}
                        @if (row.duplicate) {
                          <span class="chip tone-warn">{{
                            'stagiaires.duplicateOf' | transloco: { name: row.duplicate }
                          }}</span>
                        }
                        @for (problem of row.problems; track problem.field) {
                          <span class="bad small">{{ label(problem.field) }} : {{ message(problem.message) }}</span>
                        }
                      </td>
                      <td>{{ isDay(row.birthDate) ? (row.birthDate | day) : row.birthDate }}</td>
                      <td>{{ row.email }}</td>
                      <td>{{ row.company }}</td>
                    </tr>
                  }
                </tbody>
              </table>
            </div>
            @if (wrong()) {
              <p class="muted small">{{ 'stagiaires.pasteSkip' | transloco: { n: wrong() } }}</p>
            }
          } @else {
            <p class="notice notice-warn">{{ 'stagiaires.pasteNone' | transloco }}</p>
          }
        } @else {
          <label class="stack-s" for="pasted"
            ><span class="muted">{{ 'stagiaires.pasteHint' | transloco }}</span></label
          >
          <textarea
            id="pasted"
            class="input"
            rows="10"
            spellcheck="false"
            [value]="text()"
            [attr.aria-label]="'stagiaires.pasteText' | transloco"
            (input)="text.set($any($event.target).value)"
            (paste)="pasted()"
          ></textarea>
        }
      </div>
      <footer>
        @if (preview()) {
          <button type="button" class="btn" (click)="preview.set(null)">
            {{ 'stagiaires.pasteAgain' | transloco }}
          </button>
        } @else {
          <button type="button" class="btn" (click)="ref.close(0)">{{ 'common.cancel' | transloco }}</button>
        }
        @if (preview(); as read) {
          <button type="button" class="btn btn-primary" [disabled]="busy() || !taken().size" (click)="add(read)">
            {{ 'stagiaires.pasteAdd' | transloco: { n: taken().size } }}
          </button>
        } @else {
          <button type="button" class="btn btn-primary" [disabled]="busy() || !text().trim()" (click)="read()">
            {{ 'stagiaires.pasteRead' | transloco }}
          </button>
        }
      </footer>
    </div>
  `,
  styles: `
    .dialog {
      width: min(900px, calc(100vw - 24px));
    }
    .rows {
      max-height: 50vh;
      overflow: auto;
    }
    td .chip,
    td .bad {
      display: block;
      width: fit-content;
      margin-top: 3px;
    }
    textarea {
      font-family: var(--font-mono, monospace);
      white-space: pre;
      overflow: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PasteDialog {
  readonly #client = inject(StagiaireClient);
  readonly #problems = inject(Problems);
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  readonly #opportunite = inject<string>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<number>>(DialogRef);
  protected readonly text = signal('');
  protected readonly preview = signal<StagiairesPreview | null>(null);
  /** The lines to add. */
  protected readonly taken = signal<ReadonlySet<number>>(new Set());
  protected readonly busy = signal(false);
  protected readonly failed = signal('');
  protected readonly wrong = computed(() => this.preview()?.rows.filter(({ problems }) => problems.length).length ?? 0);
  protected readonly columns = computed(() =>
    (this.preview()?.columns ?? []).map(({ field }) => this.label(field ?? 'ignored')).join(', '),
  );

  constructor() {
    guardDialog(() => this.text().trim() !== '');
  }

  protected label(field: string): string {
    return this.#transloco.translate(`stagiaires.column.${field}`);
  }
  protected message(text: { fr: string; en: string }): string {
    return this.#format.text(text);
  }
  protected isDay(written: string): boolean {
    return /^\d{4}-\d\d-\d\d$/.test(written);
  }
  protected toggle(line: number): void {
    this.taken.update((before) => {
      const after = new Set(before);
      if (!after.delete(line)) after.add(line);
      return after;
    });
  }
  /** What was just pasted is in the field after this event. */
  protected pasted(): void {
    setTimeout(() => void this.read());
  }

  protected read(): Promise<void> {
    return this.#try(async () => {
      if (!this.text().trim()) return;
      const read = await this.#client.preview(this.#opportunite, this.text());
      const right = read.rows.filter(({ problems, duplicate }) => !problems.length && !duplicate);
      this.taken.set(new Set(right.map(({ line }) => line)));
      this.preview.set(read);
    });
  }
  protected add({ rows }: StagiairesPreview): Promise<void> {
    return this.#try(async () => {
      const chosen = rows.filter(({ line }) => this.taken().has(line)).map(asCreate);
      this.ref.close(await this.#client.addAll(this.#opportunite, chosen));
    });
  }

  async #try(run: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failed.set('');
    try {
      await run();
    } catch (error) {
      this.failed.set(this.#problems.message(error));
    } finally {
      this.busy.set(false);
    }
  }
}

/** The row as a request: empty cells are left out. */
function asCreate(row: StagiairePreviewRow): StagiaireCreate {
  const { lastName, firstName, birthDate, email, phone, company, status, needs } = row;
  const cells = { birthDate, email, phone, company, function: row.function, status, needs };
  const filled = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell));
  return { lastName, firstName, ...filled };
}
