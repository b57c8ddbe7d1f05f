/** One file: its name, which opens it, who added it and when, its versions, and what can be done with it. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { Attachment } from '../../../api/models/attachment';
import { AttachmentFile } from '../../../api/models/attachment-file';
import { today } from '../../../shared/i18n/format';
import { DayPipe, Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Section } from '../util/section';
import { formatSize } from '../util/size';

/** What somebody wants done. `number` names a former version. */
export interface Wish {
  act: 'preview' | 'download' | 'rename' | 'replace' | 'remove';
  number?: number;
}

@Component({
  selector: 'afpi-attachment-row',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, DayPipe, Icon, TranslocoPipe, TxtPipe],
  templateUrl: './attachment-row.html',
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 2px 10px;
      align-items: start;
      padding: 10px 18px;
    }
    .name {
      overflow-wrap: anywhere;
      text-align: start;
      padding: 0;
      border: 0;
      background: none;
      color: var(--link, var(--primary));
      font: inherit;
      font-weight: 550;
      cursor: pointer;
    }
    .name:hover {
      text-decoration: underline;
    }
    .withheld {
      overflow-wrap: anywhere;
    }
    .versions {
      grid-column: 2 / -1;
      display: grid;
      gap: 6px;
      margin: 6px 0 0;
      padding: 0;
      list-style: none;
    }
    .versions li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
      justify-content: space-between;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AttachmentRow {
  readonly file = input.required<Attachment>();
  readonly sections = input<readonly Section[]>([]);
  readonly editable = input(false);
  readonly wish = output<Wish>();
  readonly #format = inject(Format);
  protected readonly today = today();
  protected readonly open = signal(false);
  protected readonly section = computed(() => this.sections().find(({ id }) => id === this.file().section)?.label);

  /** Size, person and time of a version. */
  protected told({ size, createdBy, createdAt }: AttachmentFile): { size: string; who: string; when: string } {
    return { size: formatSize(size, this.#format.tag), who: createdBy.name, when: this.#format.instant(createdAt) };
  }
  protected tone({ state }: AttachmentFile): string {
    return state === 'quarantined' ? 'tone-bad' : 'tone-warn';
  }
  protected show(): void {
    this.wish.emit({ act: this.file().preview ? 'preview' : 'download' });
  }
}
