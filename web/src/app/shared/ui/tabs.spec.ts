import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Tab, Tabs } from './tabs';

@Component({
  imports: [Tab, Tabs],
  template: `
    <div [afpiTabs]="chosen()" panel="below" (choose)="choose($event)">
      @for (name of names(); track name) {
        <button [afpiTab]="name">{{ name }}</button>
      }
    </div>
    <div id="below"></div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Page {
  readonly names = signal(['one', 'two', 'three']);
  readonly chosen = signal<string | undefined>('one');
  /** Choices that wait for the navigation; `null`: they show at once. */
  waiting: string[] | null = null;

  choose(name: string): void {
    if (this.waiting) this.waiting.push(name);
    else this.chosen.set(name);
  }
}

describe('Tabs', () => {
  it('are one stop of the Tab key, and the arrows, Home and End choose among them', async () => {
    const fixture = TestBed.createComponent(Page);
    const host = fixture.nativeElement as HTMLElement;
    document.body.append(host);
    const page = fixture.componentInstance;
    const tabs = (): HTMLElement[] => [...host.querySelectorAll<HTMLElement>('[role=tab]')];
    const stops = (): (string | null)[] =>
      tabs()
        .filter((tab) => tab.tabIndex === 0)
        .map((tab) => tab.textContent);
    const press = async (key: string, keyCode: number): Promise<void> => {
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true }),
      );
      await fixture.whenStable();
    };
    await fixture.whenStable();
    expect(stops()).toEqual(['one']);
    expect(tabs()[0]?.getAttribute('aria-controls')).toBe('below');
    tabs()[0]?.focus();

    await press('ArrowRight', 39);
    expect([page.chosen(), document.activeElement?.textContent, stops()]).toEqual(['two', 'two', ['two']]);
    expect(tabs().map((tab) => tab.getAttribute('aria-selected'))).toEqual(['false', 'true', 'false']);
    await press('End', 35);
    await press('ArrowRight', 39);
    expect(page.chosen()).toBe('one');
    await press('ArrowLeft', 37);
    expect(page.chosen()).toBe('three');
    await press('Home', 36);
    expect(page.chosen()).toBe('one');
    await press('x', 88);
    expect(page.chosen()).toBe('one');

    // Also when no tab is chosen, and after one has been removed.
    page.chosen.set('elsewhere');
    await fixture.whenStable();
    expect(stops()).toEqual(['one']);
    page.names.set(['two', 'three']);
    await fixture.whenStable();
    expect(stops()).toEqual(['two']);
    page.names.set(['two', 'three', 'four', 'five']);
    page.chosen.set('five');
    await fixture.whenStable();
    expect(stops()).toEqual(['five']);
    host.remove();
  });

  it('follow keys that come before the last choice shows', async () => {
    const fixture = TestBed.createComponent(Page);
    const host = fixture.nativeElement as HTMLElement;
    document.body.append(host);
    const page = fixture.componentInstance;
    page.chosen.set('two');
    page.waiting = [];
    await fixture.whenStable();
    host.querySelectorAll<HTMLElement>('[role=tab]')[1]?.focus();
    for (const [key, keyCode] of [
      ['Home', 36],
      ['ArrowLeft', 37],
    ] as const)
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true }),
      );
    expect(page.waiting).toEqual(['one', 'three']);
    host.remove();
  });
});
