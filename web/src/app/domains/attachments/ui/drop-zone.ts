/** Takes files by a button, by dropping them, and as a pasted picture. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-drop-zone',
  imports: [Icon, TranslocoPipe],
  template: `
    <button type="button" class="btn btn-s" [disabled]="busy()" (click)="chooser().nativeElement.click()">
      <afpi-icon name="plus" [size]="15" />{{ 'attachments.add' | transloco }}
    </button>
    <p class="muted small">{{ (over() ? 'attachments.dropNow' : 'attachments.drop') | transloco }}</p>
    <input #chooserInput type="file" multiple hidden (change)="chosen($event)" />
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 12px;
      align-items: center;
      padding: 12px;
      border: 1px dashed var(--border-strong, var(--border));
      border-radius: var(--radius);
    }
    :host(.over) {
      border-color: var(--primary);
      background: var(--primary-soft);
    }
  `,
  host: {
    '[class.over]': 'over()',
    '(dragenter)': 'enter($event)',
    '(dragover)': 'enter($event)',
    '(dragleave)': 'leave($event)',
    '(drop)': 'drop($event)',
    '(document:paste)': 'paste($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DropZone {
  readonly busy = input(false);
  /** Files that somebody chose or dropped. */
  readonly files = output<File[]>();
  /** A picture without a name of its own. */
  readonly picture = output<File>();
  protected readonly chooser = viewChild.required<ElementRef<HTMLInputElement>>('chooserInput');
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #over = signal(false);
  protected readonly over = computed(() => this.#over() && !this.busy());

  protected chosen(event: Event): void {
    const picker = event.target as HTMLInputElement;
    this.#give([...(picker.files ?? [])]);
    // The same file can be chosen again.
    picker.value = '';
  }
  protected enter(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#over.set(true);
  }
  protected leave(event: DragEvent): void {
    if (!this.#host.contains(event.relatedTarget as Node | null)) this.#over.set(false);
  }
  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.#over.set(false);
    this.#give([...(event.dataTransfer?.files ?? [])]);
  }
  /** Text is pasted where somebody types; a picture belongs to the files. */
  protected paste(event: ClipboardEvent): void {
    const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]');
    if (!picture || typing || this.busy()) return;
    event.preventDefault();
    this.picture.emit(picture);
  }

  #give(files: File[]): void {
    if (files.length && !this.busy()) this.files.emit(files);
  }
}
