/** `*afpiCan="'opportunites:create'"`: shows its content to roles with this right. */
import { Directive, TemplateRef, ViewContainerRef, effect, inject, input } from '@angular/core';
import { Session } from './session';

@Directive({ selector: '[afpiCan]' })
export class Can {
  readonly afpiCan = input.required<string>();

  constructor() {
    const session = inject(Session);
    const container = inject(ViewContainerRef);
    const template = inject<TemplateRef<unknown>>(TemplateRef);
    effect(() => {
      const shown = session.can(this.afpiCan());
      if (shown && container.length === 0) container.createEmbeddedView(template);
      if (!shown) container.clear();
    });
  }
}
