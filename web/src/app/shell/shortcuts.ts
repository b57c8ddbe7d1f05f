/** The sheet of all keys, opened by `?`. It is loaded then, with its texts. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language, Texts } from '../shared/i18n/language';
import { Icon } from '../shared/ui/icon';

const TEXTS: Texts = {
  fr: async () => (await import('./i18n/keys.fr')).fr,
  en: async () => (await import('./i18n/keys.en')).en,
};

/** A heading, and lines of keys with what they do. */
type Group = [string, [string[], string][]];

const GROUPS: Group[] = [
  [
    'keys.everywhere',
    [
      [['/'], 'keys.search'],
      [['Ctrl', 'K'], 'keys.palette'],
      [['N'], 'keys.create'],
      [['Ctrl', 'S'], 'keys.save'],
      [['Ctrl', 'Z'], 'keys.undo'],
      [['Alt'], 'keys.reveal'],
      [['Esc'], 'keys.escape'],
      [['?'], 'keys.help'],
    ],
  ],
  [
    'keys.lists',
    [
      [['J', 'K'], 'keys.walk'],
      [['↵'], 'keys.open'],
      [['␣'], 'keys.peek'],
      [['X'], 'keys.pick'],
      [['⇧', 'X'], 'keys.range'],
      [['Esc'], 'keys.clear'],
    ],
  ],
  [
    'keys.cells',
    [
      [['←', '→', '↑', '↓'], 'keys.cell'],
      [['F2'], 'keys.edit'],
      [['↵'], 'keys.down'],
      [['Tab'], 'keys.next'],
      [['Esc'], 'keys.give'],
    ],
  ],
  [
    'keys.record',
    [
      [['1', '…', '6'], 'keys.steps'],
      [['J', 'K'], 'keys.trail'],
    ],
  ],
  [
    'keys.paletteTitle',
    [
      [['>'], 'keys.actions'],
      [['@'], 'keys.people'],
      [['#'], 'keys.numbers'],
    ],
  ],
];

@Component({
  imports: [Icon, TranslocoPipe],
  template: `
    <div class="dialog dialog-wide">
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
        @if (ready()) {
          @for (group of groups; track group[0]) {
            <section>
              <h3>{{ group[0] | transloco }}</h3>
              <dl>
                @for (line of group[1]; track line[1]) {
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
            </section>
          }
        }
      </div>
    </div>
  `,
  styles: `
    .dialog > .body {
      display: block;
      columns: 2 280px;
      column-gap: 32px;
    }
    section {
      margin-bottom: 20px;
      break-inside: avoid;
    }
    h3 {
      margin-bottom: 4px;
      color: var(--muted);
      font-size: 12.5px;
    }
    dl > div {
      display: flex;
      gap: 16px;
      align-items: center;
      justify-content: space-between;
      padding: 6px 0;
      border-bottom: 1px solid var(--border);
    }
    dl > div:last-child {
      border-bottom: 0;
    }
    dd {
      display: flex;
      flex: none;
      gap: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShortcutsDialog {
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly groups = GROUPS;
  protected readonly ready = signal(false);

  constructor() {
    void inject(Language)
      .add(TEXTS)
      .then(() => {
        this.ready.set(true);
      });
  }
}
