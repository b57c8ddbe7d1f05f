/** Which side wins when both have a value: a choice for each field that a run can fill. */
import { ChangeDetectionStrategy, Component, computed, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { FieldOwner } from '../../../api/models/field-owner';
import { fieldKey } from '../util/fields';

const OWNERS = ['both', 'crm', 'source'] as const;

@Component({
  selector: 'afpi-field-owners',
  imports: [TranslocoPipe],
  template: `
    <p class="muted small">{{ 'connecteurs.owners.text' | transloco }}</p>
    @for (group of groups(); track group.entity) {
      <fieldset class="group">
        <legend class="strong">{{ 'connecteurs.entity.' + group.entity | transloco }}</legend>
        <div class="form-grid">
          @for (field of group.fields; track field.name) {
            <div class="field">
              <label [attr.for]="'owner-' + field.name">{{ field.label | transloco }}</label>
              <select
                class="input"
                [id]="'owner-' + field.name"
                [disabled]="readonly()"
                (change)="set(field.name, $event)"
              >
                @for (owner of owners; track owner) {
                  <option [value]="owner" [selected]="owner === field.owner">
                    {{ 'connecteurs.owners.' + owner | transloco }}
                  </option>
                }
              </select>
            </div>
          }
        </div>
      </fieldset>
    }
  `,
  styles: `
    .group {
      margin: 12px 0 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FieldOwners {
  readonly value = model.required<Record<string, FieldOwner>>();
  readonly readonly = input(false);
  protected readonly owners = OWNERS;

  protected readonly groups = computed(() => {
    const all = Object.entries(this.value());
    return (['entreprise', 'contact'] as const).map((entity) => ({
      entity,
      fields: all
        .filter(([name]) => name.startsWith(`${entity}.`))
        .map(([name, owner]) => ({ name, owner, label: fieldKey(name) })),
    }));
  });

  protected set(name: string, event: Event): void {
    const owner = (event.target as HTMLSelectElement).value as FieldOwner;
    this.value.update((all) => ({ ...all, [name]: owner }));
  }
}
