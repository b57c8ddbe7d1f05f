/** The frame of the pages before sign-in: name, language, and the six steps of the relay beside. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language } from '../../../shared/i18n/language';
import { Icon } from '../../../shared/ui/icon';

@Component({
  selector: 'afpi-entrance',
  imports: [Icon, TranslocoPipe],
  templateUrl: './entrance.html',
  styleUrl: './entrance.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Entrance {
  readonly title = input.required<string>();
  readonly text = input('');
  protected readonly language = inject(Language);
}
