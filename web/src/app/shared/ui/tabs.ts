/**
 * Tabs with keyboard support: one stop of the Tab key; the arrows, Home and End choose. Each tab names the element that
 * it controls.
 */
import { Directive, ElementRef, Injector, computed, contentChildren, inject, input, output } from '@angular/core';
import { FocusKeyManager, FocusableOption } from '@angular/cdk/a11y';

@Directive({
  selector: 'button[afpiTab]',
  host: {
    type: 'button',
    role: 'tab',
    '[id]': "'tab-' + name()",
    '[attr.aria-controls]': 'tabs.panel()',
    '[attr.aria-selected]': 'tabs.chosen() === name()',
    '[attr.tabindex]': 'tabs.stop() === this ? 0 : -1',
    '(click)': 'tabs.choose.emit(name())',
  },
})
export class Tab implements FocusableOption {
  /** Not `required`: a tab that is being added is read before it has one. */
  readonly name = input('', { alias: 'afpiTab' });
  protected readonly tabs = inject(Tabs);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  focus(): void {
    this.#host.focus();
  }
  has(target: EventTarget | null): boolean {
    return target instanceof Node && this.#host.contains(target);
  }
}

@Directive({ selector: '[afpiTabs]', host: { role: 'tablist', '(keydown)': 'key($event)' } })
export class Tabs {
  /** Name of the chosen tab. */
  readonly chosen = input.required<string | undefined>({ alias: 'afpiTabs' });
  /** Id of the element that shows it. */
  readonly panel = input.required<string>();
  readonly choose = output<string>();

  protected readonly all = contentChildren(Tab);
  readonly #keys = new FocusKeyManager(this.all, inject(Injector))
    .withWrap()
    .withHorizontalOrientation('ltr')
    .withHomeAndEnd();
  /** The stop of the Tab key: an address may name a tab that does not exist. */
  readonly stop = computed(() => this.all().find((tab) => tab.name() === this.chosen()) ?? this.all()[0]);

  protected key(event: KeyboardEvent): void {
    // From the tab that has the focus: a choice shows only after the navigation that follows it, and keys come faster.
    const from = this.all().find((tab) => tab.has(event.target)) ?? this.stop();
    const before = this.all().findIndex((tab) => tab === from);
    this.#keys.updateActiveItem(before);
    this.#keys.onKeydown(event);
    const after = this.#keys.activeItem;
    if (after && this.#keys.activeItemIndex !== before) this.choose.emit(after.name());
  }
}
