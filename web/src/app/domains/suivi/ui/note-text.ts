/** The text of a note. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { NgTemplateOutlet } from '@angular/common';
import { Note } from '../../../api/models/note';
import { blocks } from '../util/light';

@Component({
  selector: 'afpi-note-text',
  imports: [NgTemplateOutlet],
  template: `
    @for (block of shown(); track $index) {
      @if (block.kind === 'list') {
        <ul>
          @for (spans of block.lines; track $index) {
            <li><ng-container [ngTemplateOutlet]="line" [ngTemplateOutletContext]="{ spans }" /></li>
          }
        </ul>
      } @else {
        <p>
          @for (spans of block.lines; track $index) {
            <ng-container [ngTemplateOutlet]="line" [ngTemplateOutletContext]="{ spans }" />
            @if (!$last) {
              <br />
            }
          }
        </p>
      }
    }
    <ng-template #line let-spans="spans">
      @for (span of spans; track $index) {
        @if (span.href) {
          <a [href]="span.href" target="_blank" rel="noopener noreferrer">{{ span.text }}</a>
        } @else if (span.strong) {
          <strong>{{ span.text }}</strong>
        } @else {
          <span>{{ span.text }}</span>
        }
      }
    </ng-template>
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
      overflow-wrap: anywhere;
    }
    ul {
      margin: 0;
      padding-left: 18px;
      list-style: disc;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoteText {
  readonly note = input.required<Note>();
  protected readonly shown = computed(() =>
    blocks(
      this.note().text,
      this.note().mentions.map(({ name }) => name),
    ),
  );
}
