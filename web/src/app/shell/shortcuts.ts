/** The list of keyboard shortcuts, opened by `?`. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../shared/ui/icon';

@Component({
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="shortcuts-title">{{ 'shortcuts.title' | transloco }}</h2>
        <button
          type="button"
          class="btn btn-quiet btn-icon btn-s"
          [attr.aria-label]="'common.close' | transloco"
          (click)="ref.close()"
        >
          <afpi-icon name="x" />
        </button>
      </header>
      <div class="body">
        <dl>
          @for (line of lines; track line[1]) {
            <div>
              <dt>{{ line[1] | transloco }}</dt>
              <dd>
                @for (key of line[0]; track key) {
                  <kbd>{{ key }}</kbd>
                }
              </dd>
            </div>
          }
        </dl>
      </div>
    </div>
  `,
  styles: `
    dl > div {
      display: flex;
      gap: 16px;
      align-items: center;
      justify-content: space-between;
      padding: 8px 0;
      border-bottom: 1px solid var(--border);
    }
    dl > div:last-child {
      border-bottom: 0;
    }
    dd {
      display: flex;
      gap: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShortcutsDialog {
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly lines: [string[], string][] = [
    [['/'], 'shortcuts.search'],
    [['Ctrl', 'K'], 'shortcuts.palette'],
    [['N'], 'shortcuts.create'],
    [['Ctrl', 'S'], 'shortcuts.save'],
    [['Ctrl', 'Z'], 'shortcuts.undo'],
    [['1', '…', '6'], 'shortcuts.steps'],
    [['Esc'], 'shortcuts.escape'],
    [['?'], 'shortcuts.help'],
  ];
}
