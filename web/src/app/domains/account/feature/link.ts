/**
 * The page of a link in a letter: an invitation, or a forgotten password. Its secret is the fragment of the address,
 * which browsers do not send. Sign-in follows with the chosen password.
 */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { readLink } from '../../../api/fn/auth/read-link';
import { usePasswordLink } from '../../../api/fn/auth/use-password-link';
import { Session } from '../../../shared/auth/session';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { isProblem } from '../../../shared/http/problem';
import { Language } from '../../../shared/i18n/language';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { Entrance } from '../ui/entrance';
import { Reveal } from '../ui/reveal';

const SHORTEST = 12;

@Component({
  imports: [
    ControlState,
    Entrance,
    Failed,
    Field,
    Icon,
    Loading,
    ReactiveFormsModule,
    Refusal,
    Reveal,
    RouterLink,
    TranslocoPipe,
  ],
  templateUrl: './link.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LinkPage {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #session = inject(Session);
  readonly #language = inject(Language);
  readonly #token = toSignal(inject(ActivatedRoute).fragment);
  protected readonly shortest = SHORTEST;
  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', [Validators.required, Validators.minLength(SHORTEST)]],
  });
  protected readonly sending = senderOf(reactive(this.form));
  /** What the link is for; `null` for one that cannot be used. */
  protected readonly link = resource({
    params: () => this.#token() ?? '',
    loader: async ({ params: token }) => {
      if (!token) return null;
      try {
        const link = await this.#api.invoke(readLink, { body: { token } });
        await this.#language.follow(link.locale === 'en' ? 'en' : 'fr');
        return link;
      } catch (error) {
        if (isProblem(error, 'link-ended') || isProblem(error, 'validation')) return null;
        throw error;
      }
    },
  });

  protected submit(email: string): Promise<void> {
    return this.sending.run(async () => {
      const { password } = this.form.getRawValue();
      try {
        await this.#api.invoke(usePasswordLink, { body: { token: this.#token() ?? '', password } });
      } catch (error) {
        if (isProblem(error, 'link-ended')) this.link.set(null);
        throw error;
      }
      // The password is chosen. Whatever keeps the person from signing in is said by the sign-in page.
      await this.#session.login(email, password).catch(() => undefined);
      await this.#router.navigateByUrl('/');
    });
  }
}
