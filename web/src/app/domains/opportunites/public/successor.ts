/**
 * The files of a person who leaves, and the choice of a successor. The server's refusal above the form explains the
 * question.
 */
import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { isProblem } from '../../../shared/http/problem';

/** Files that would have no owner: how many, and the first of them. */
export interface Left {
  total: number;
  items: { id: string; numero: string; title: string }[];
}

@Component({
  selector: 'afpi-successor',
  imports: [TranslocoPipe],
  template: `
    <ul class="small muted">
      @for (item of left().items; track item.id) {
        <li>{{ item.numero }} · {{ item.title }}</li>
      }
      @if (left().total > left().items.length) {
        <li>{{ 'successor.others' | transloco: { n: left().total - left().items.length } }}</li>
      }
    </ul>
    <div class="field">
      <label for="successor">{{ 'successor.choose' | transloco }} <span class="req" aria-hidden="true">*</span></label>
      <select
        id="successor"
        class="input"
        aria-required="true"
        [attr.aria-invalid]="successor() ? null : 'true'"
        (change)="successor.set($any($event.target).value)"
      >
        <option value="" [selected]="!successor()">—</option>
        @for (person of people(); track person.id) {
          <option [value]="person.id" [selected]="person.id === successor()">{{ person.name }}</option>
        }
      </select>
    </div>
  `,
  styles: `
    ul {
      margin: 0 0 10px;
      padding-left: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Successor {
  readonly left = input.required<Left>();
  /** The people to choose from. */
  readonly people = input.required<readonly { id: string; name: string }[]>();
  readonly successor = model('');
}

/** The remaining files, if they are the reason of a refusal. */
export function leftBehind(error: unknown): Left | null {
  return isProblem(error, 'successor-needed') ? ((error.problem.left as Left | undefined) ?? null) : null;
}
