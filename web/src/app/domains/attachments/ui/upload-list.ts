/** Files on their way, with their progress, and those that failed with the reason. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';

interface Sent {
  readonly key: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly part: number;
  readonly failed: string | null;
}

@Component({
  selector: 'afpi-upload-list',
  imports: [Icon, TranslocoPipe],
  template: `
    @for (item of items(); track item.key) {
      @if (item.failed; as reason) {
        <div class="notice notice-bad" role="alert">
          <afpi-icon name="circle-alert" class="bad" />
          <div class="grow">
            <p class="strong name">{{ item.name }}</p>
            <p>{{ reason }}</p>
          </div>
          <button
            type="button"
            class="btn btn-icon btn-s"
            [attr.aria-label]="'attachments.dismiss' | transloco: { name: item.name }"
            (click)="dismiss.emit(item.key)"
          >
            <afpi-icon name="x" [size]="15" />
          </button>
        </div>
      } @else {
        <div class="way">
          <span class="name small">{{ item.name }}</span>
          <progress
            max="1"
            [value]="item.part"
            [attr.aria-label]="'attachments.sending' | transloco: { name: item.name }"
          ></progress>
        </div>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    .way {
      display: grid;
      gap: 4px;
    }
    .name {
      overflow-wrap: anywhere;
    }
    progress {
      width: 100%;
      height: 6px;
      accent-color: var(--primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UploadList {
  readonly items = input.required<readonly Sent[]>();
  readonly dismiss = output<number>();
}
