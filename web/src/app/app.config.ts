/** Wires the application: routes, HTTP, session, languages. Page-specific providers stay in the lazy routes. */
import { ApplicationConfig, inject, provideAppInitializer, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { COMPOSITION_BUFFER_MODE } from '@angular/forms';
import { TitleStrategy, provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { ApiConfiguration } from './api/api-configuration';
import { routes } from './app.routes';
import { anomaliesProviders } from './domains/anomalies/anomalies.providers';
import { attachmentsProviders } from './domains/attachments/attachments.providers';
import { documentsProviders } from './domains/documents/documents.providers';
import { entreprisesProviders } from './domains/entreprises/entreprises.providers';
import { formateursProviders } from './domains/formateurs/formateurs.providers';
import { opportunitesProviders } from './domains/opportunites/opportunites.providers';
import { preuvesProviders } from './domains/preuves/preuves.providers';
import { produitsProviders } from './domains/produits/produits.providers';
import { sallesProviders } from './domains/salles/salles.providers';
import { sessionsProviders } from './domains/sessions/sessions.providers';
import { suiviProviders } from './domains/suivi/suivi.providers';
import { stagiairesProviders } from './domains/stagiaires/stagiaires.providers';
import { authInterceptor } from './shared/auth/auth-interceptor';
import { Session } from './shared/auth/session';
import { idempotencyInterceptor } from './shared/http/idempotency';
import { problemInterceptor } from './shared/http/problem';
import { Language, provideTranslations } from './shared/i18n/language';
import { TranslatedTitle } from './shared/i18n/translated-title';
import { Theme } from './shared/ui/theme';
import { SIGN_IN_TEXTS } from './texts/texts';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding(), withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    { provide: TitleStrategy, useClass: TranslatedTitle },
    provideHttpClient(withInterceptors([authInterceptor, problemInterceptor, idempotencyInterceptor])),
    { provide: ApiConfiguration, useValue: { rootUrl: '' } },
    provideTranslations(SIGN_IN_TEXTS),
    anomaliesProviders,
    attachmentsProviders,
    documentsProviders,
    entreprisesProviders,
    formateursProviders,
    opportunitesProviders,
    preuvesProviders,
    produitsProviders,
    sallesProviders,
    sessionsProviders,
    stagiairesProviders,
    suiviProviders,
    // Text that an accent key or an input method is still composing counts as typed: saving in between loses nothing.
    { provide: COMPOSITION_BUFFER_MODE, useValue: false },
    provideAppInitializer(async () => {
      inject(Theme).apply();
      const language = inject(Language);
      const session = inject(Session);
      await Promise.all([language.start(), session.restore()]);
    }),
  ],
};
