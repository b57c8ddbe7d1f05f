/** The relay as steps: which are behind, where it stands, who owns each, how old, how late. Each step is a tab. */
import { ChangeDetectionStrategy, Component, ElementRef, afterRenderEffect, computed, inject, input, model } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Opportunite } from '../../../api/models/opportunite';
import { AgePipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { WorkflowView } from '../data/workflow-store';

@Component({
  selector: 'afpi-stepper',
  imports: [AgePipe, Icon, TranslocoPipe, TxtPipe],
  template: `
    <div role="tablist" [attr.aria-label]="'record.steps' | transloco">
      @for (step of steps(); track step.section.id) {
        <button type="button" role="tab" [id]="'tab-' + step.section.id" aria-controls="section-panel" [class]="step.state" [attr.aria-selected]="selected() === step.section.id"
          [attr.tabindex]="selected() === step.section.id ? 0 : -1" (click)="selected.set(step.section.id)" (keydown)="key($event)">
          <span class="line" aria-hidden="true"></span>
          <span class="disc">@if (step.state === 'past') { <afpi-icon name="check" [size]="15" /> } @else { {{ $index + 1 }} }</span>
          <span class="words">
            <span class="name">{{ step.section.label | txt }} @if (dirty().includes(step.section.id)) { <span class="mark" [attr.title]="'record.unsaved' | transloco">●</span><span class="sr-only">{{ 'record.unsaved' | transloco }}</span> }</span>
            <span class="owner">{{ 'role.' + step.section.owners[0] | transloco }}</span>
            @if (step.state === 'now') {
              <span class="age" [class.late]="record().late">{{ record().sectionSince | age }}@if (record().late) { · {{ 'opportunites.late' | transloco }} }</span>
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
  readonly dirty = input<string[]>([]);
  readonly selected = model.required<string>();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly steps = computed(() => {
    const now = this.workflow().rank(this.record().section);
    const finished = this.record().outcome === 'done';
    return this.workflow().definition.sections.map((section, index) => ({
      section,
      state: finished || index < now ? 'past' : index === now ? 'now' : 'future',
    }));
  });

  constructor() {
    // On a narrow screen the chosen step may lie outside of view.
    afterRenderEffect(() => {
      const tab = this.#host.querySelector<HTMLElement>(`#tab-${CSS.escape(this.selected())}`);
      if (tab) this.#host.scrollLeft = tab.offsetLeft - (this.#host.clientWidth - tab.clientWidth) / 2;
    });
  }

  /** Arrow keys move between tabs, as the tab pattern wants. */
  protected key(event: KeyboardEvent): void {
    const ids = this.steps().map(({ section }) => section.id);
    const at = ids.indexOf(this.selected());
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    const next = to === undefined ? undefined : ids[(to + ids.length) % ids.length];
    if (next === undefined) return;
    event.preventDefault();
    this.selected.set(next);
    this.#host.querySelector<HTMLElement>(`#tab-${CSS.escape(next)}`)?.focus();
  }
}
