/** The relay as steps: done ones, the present or halted one, owners, age and lateness. Each step is a tab. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  inject,
  input,
  output,
} from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Opportunite } from '../../../api/models/opportunite';
import { AgePipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { WorkflowView } from '../util/workflow-view';

@Component({
  selector: 'afpi-stepper',
  imports: [AgePipe, Icon, Tab, Tabs, TranslocoPipe, TxtPipe],
  template: `
    <div
      [afpiTabs]="selected()"
      panel="section-panel"
      (choose)="choose.emit($event)"
      [attr.aria-label]="'record.steps' | transloco"
    >
      @for (step of steps(); track step.section.id) {
        <button type="button" [afpiTab]="step.section.id" [class]="step.state">
          <span class="line" aria-hidden="true"></span>
          <span class="disc">
            @if (step.state === 'past') {
              <afpi-icon name="check" [size]="15" />
            } @else if (step.state === 'halted') {
              <afpi-icon [name]="record().outcome === 'suspended' ? 'pause' : 'x'" [size]="15" />
            } @else {
              {{ $index + 1 }}
            }
          </span>
          <span class="words">
            <span class="name"
              >{{ step.section.label | txt }}
              @if (dirty().includes(step.section.id)) {
                <span class="mark" [attr.title]="'record.unsaved' | transloco">●</span
                ><span class="sr-only">{{ 'record.unsaved' | transloco }}</span>
              }
            </span>
            <span class="owner">{{ 'role.' + step.section.owners[0] | transloco }}</span>
            @if (step.state === 'now') {
              <span class="age" [class.late]="record().late"
                >{{ record().sectionSince | age }}
                @if (record().late) {
                  · {{ 'opportunites.late' | transloco }}
                }
              </span>
            } @else if (step.state === 'halted') {
              <span class="age">{{ record().statusLabel ?? workflow().statusLabel(record().status) | txt }}</span>
            }
          </span>
        </button>
      }
    </div>
  `,
  styleUrl: './stepper.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Stepper {
  readonly record = input.required<Opportunite>();
  readonly workflow = input.required<WorkflowView>();
  /** The record's present or last section. */
  readonly stands = input.required<string>();
  readonly dirty = input<string[]>([]);
  readonly selected = input.required<string>();
  /** A request to show that step. The page may refuse. */
  readonly choose = output<string>();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly steps = computed(() => {
    const at = this.workflow().rank(this.stands());
    const here = this.record().section === this.stands() ? 'now' : 'halted';
    const finished = this.record().outcome === 'done';
    return this.workflow().definition.sections.map((section, index) => ({
      section,
      state: finished || index < at ? 'past' : index === at ? here : 'future',
    }));
  });

  constructor() {
    // On a narrow screen the chosen step may be outside the view.
    afterRenderEffect(() => {
      const tab = this.#host.querySelector<HTMLElement>(`#tab-${CSS.escape(this.selected())}`);
      if (tab) this.#host.scrollLeft = tab.offsetLeft - (this.#host.clientWidth - tab.clientWidth) / 2;
    });
  }
}
