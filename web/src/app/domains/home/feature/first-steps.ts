/** The first steps of a new person. They disappear when all are taken. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../shared/ui/icon';
import { StepStore } from '../data/step-store';

@Component({
  selector: 'afpi-first-steps',
  imports: [Icon, RouterLink, TranslocoPipe],
  template: `
    @if (store.steps(); as steps) {
      @if (steps.length) {
        <section class="card" aria-labelledby="steps-title">
          <header>
            <h2 id="steps-title">{{ 'home.steps.title' | transloco }}</h2>
            <span class="muted small num">{{ done() }}&#8239;/&#8239;{{ steps.length }}</span>
            <button
              type="button"
              class="btn btn-quiet btn-icon btn-s"
              [attr.aria-label]="'home.steps.end' | transloco"
              (click)="store.end()"
            >
              <afpi-icon name="x" [size]="16" />
            </button>
          </header>
          <ol>
            @for (step of steps; track step.id) {
              <li>
                <a [routerLink]="step.path" [class.done]="step.done" (click)="store.take(step.id)">
                  <span class="disc" [class]="step.done ? 'tone-good' : 'tone-primary'"
                    ><afpi-icon [name]="step.done ? 'check' : step.icon" [size]="16"
                  /></span>
                  <span class="what">
                    <span class="strong"
                      >{{ 'home.steps.' + step.id + '.title' | transloco }}
                      @if (step.done) {
                        <span class="sr-only">, {{ 'home.steps.done' | transloco }}</span>
                      }
                    </span>
                    <span class="muted small">{{ 'home.steps.' + step.id + '.text' | transloco }}</span>
                  </span>
                </a>
              </li>
            }
          </ol>
        </section>
      }
    }
  `,
  styles: `
    header {
      display: flex;
      gap: 10px;
      align-items: center;
      padding: 10px 10px 0 18px;
    }
    header button {
      margin-left: auto;
    }
    ol {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(230px, 100%), 1fr));
      gap: 4px;
      padding: 6px 8px 10px;
    }
    a {
      display: flex;
      gap: 12px;
      align-items: flex-start;
      height: 100%;
      padding: 10px;
      border-radius: var(--radius);
      color: inherit;
    }
    a:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    .what {
      display: grid;
      gap: 1px;
    }
    .done .strong {
      color: var(--muted);
      font-weight: 500;
      text-decoration: line-through;
    }
    .disc {
      display: grid;
      place-items: center;
      flex: none;
      width: 30px;
      height: 30px;
      border-radius: var(--radius);
    }
  `,
  providers: [StepStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstSteps {
  protected readonly store = inject(StepStore);
  protected readonly done = computed(() => this.store.steps().filter((step) => step.done).length);
}
