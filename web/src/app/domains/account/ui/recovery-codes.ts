/** New recovery codes, which are shown once: to copy, to keep as a file, or to print. */
import { ChangeDetectionStrategy, Component, DOCUMENT, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-recovery-codes',
  imports: [Icon, TranslocoPipe],
  template: `
    <p class="notice notice-warn"><afpi-icon name="warning" class="warn" />{{ 'factor.codes.text' | transloco }}</p>
    <ul [attr.aria-label]="'factor.codes.title' | transloco">
      @for (code of codes(); track code) {
        <li class="mono">{{ code }}</li>
      }
    </ul>
    <div class="row">
      <button type="button" class="btn" (click)="copy()">
        <afpi-icon [name]="copied() ? 'check' : 'copy'" [size]="16" />
        {{ (copied() ? 'factor.codes.copied' : 'factor.codes.copy') | transloco }}
      </button>
      <button type="button" class="btn" (click)="keep()">
        <afpi-icon name="download" [size]="16" />{{ 'factor.codes.download' | transloco }}
      </button>
      <button type="button" class="btn btn-primary" (click)="done.emit()">
        {{ 'factor.codes.done' | transloco }}
      </button>
    </div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 14px;
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(190px, 1fr));
      gap: 6px 18px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RecoveryCodes {
  readonly codes = input.required<readonly string[]>();
  readonly done = output();
  readonly #document = inject(DOCUMENT);
  protected readonly copied = signal(false);

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.codes().join('\n'));
    this.copied.set(true);
  }

  protected keep(): void {
    const address = URL.createObjectURL(new Blob([`AFPI CRM\n\n${this.codes().join('\n')}\n`]));
    const link = this.#document.createElement('a');
    link.href = address;
    link.download = 'afpi-crm-codes.txt';
    link.click();
    URL.revokeObjectURL(address);
  }
}
