/** Who answers for a plugin: a badge, and on request a sentence that explains it. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { KeyRef } from '../../../api/models/key-ref';
import { PluginLevel } from '../../../api/models/plugin-level';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-level',
  imports: [Icon, TranslocoPipe],
  template: `
    <span class="chip" [class]="tone()"
      ><afpi-icon [name]="level() === 'unsigned' ? 'warning' : 'shield'" [size]="13" />{{
        'plugins.level.' + level() | transloco
      }}</span
    >
    @if (explained()) {
      <span class="small">{{ 'plugins.levelText.' + level() | transloco }}</span>
      @if (signer(); as key) {
        <span class="muted small"
          >{{ 'plugins.signedBy' | transloco: { name: key.name } }}
          @if (key.revoked) {
            <span class="bad">&ngsp;({{ 'plugins.keyRevoked' | transloco }})</span>
          }
        </span>
      }
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LevelBadge {
  readonly level = input.required<PluginLevel>();
  readonly signer = input<KeyRef | null | undefined>(null);
  readonly explained = input(false);
  protected readonly tone = computed(() => (this.level() === 'unsigned' ? 'tone-warn' : 'tone-good'));
}
