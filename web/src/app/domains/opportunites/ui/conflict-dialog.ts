/** Somebody else saved first (412): shows what changed since, field by field, and lets the user choose. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

/** A field that differs: the user's value on screen, and the server's present value. */
export interface Difference {
  label: string;
  mine: string;
  theirs: string;
}

export interface Conflict {
  differences: Difference[];
  updatedAt: string;
}

/** `mine`: save again on top of the other's version; `theirs`: drop my edits. */
export type Choice = 'mine' | 'theirs';

@Component({
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="dialog dialog-wide">
      <header>
        <h2 id="conflict-title">{{ 'conflict.title' | transloco }}</h2>
      </header>
      <div class="body">
        <p class="notice notice-warn"><afpi-icon name="warning" class="warn" />{{ 'conflict.text' | transloco }}</p>
        @if (conflict.differences.length) {
          <div class="table-wrap">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{{ 'conflict.field' | transloco }}</th>
                  <th scope="col">{{ 'conflict.mine' | transloco }}</th>
                  <th scope="col">{{ 'conflict.theirs' | transloco }}</th>
                </tr>
              </thead>
              <tbody>
                @for (line of conflict.differences; track line.label) {
                  <tr>
                    <th scope="row">{{ line.label }}</th>
                    <td class="pre">{{ line.mine || '—' }}</td>
                    <td class="pre">{{ line.theirs || '—' }}</td>
                  </tr>
                }
              </tbody>
            </table>
          </div>
        } @else {
          <p>{{ 'conflict.elsewhere' | transloco }}</p>
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(undefined)">{{ 'conflict.back' | transloco }}</button>
        <button type="button" class="btn" (click)="ref.close('theirs')">{{ 'conflict.takeTheirs' | transloco }}</button>
        <button type="button" class="btn btn-primary" (click)="ref.close('mine')">
          {{ 'conflict.keepMine' | transloco }}
        </button>
      </footer>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConflictDialog {
  protected readonly conflict = inject<Conflict>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Choice | undefined>>(DialogRef);
}
