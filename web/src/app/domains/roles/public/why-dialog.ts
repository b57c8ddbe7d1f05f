/** Why a record is seen, and what may be done with it, in the words of the server that decides. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { RecordAccess } from '../../../api/models/record-access';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { ActionList } from '../ui/action-list';

export interface Asked {
  kind: string;
  load(): Promise<RecordAccess>;
}

@Component({
  imports: [ActionList, Failed, Loading, TranslocoPipe, TxtPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="why-title">{{ 'roles.why.title' | transloco }}</h2>
      </header>
      <div class="body stack">
        @if (access.error(); as error) {
          <afpi-failed [error]="error" (retry)="access.reload()" />
        } @else if (access.value(); as said) {
          @for (reason of said.reads; track reason.code) {
            <p>{{ reason.message | txt }}</p>
          }
          <h3>{{ 'roles.why.actions' | transloco }}</h3>
          <afpi-action-list [actions]="said.actions" />
          @if (asked.kind === 'opportunite') {
            <p class="muted small">{{ 'roles.why.workflow' | transloco }}</p>
          }
        } @else {
          <afpi-loading [rows]="3" />
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close()">{{ 'common.close' | transloco }}</button>
      </footer>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WhyDialog {
  protected readonly asked = inject<Asked>(DIALOG_DATA);
  protected readonly ref = inject(DialogRef);
  protected readonly access = resource({ loader: () => this.asked.load() });
}
