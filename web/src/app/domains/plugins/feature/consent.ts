/** From a file to a decision, for the list and for a plugin's page. */
import { Dialog } from '@angular/cdk/dialog';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { PluginVersion } from '../../../api/models/plugin-version';
import { ConsentDialog } from './consent-dialog';
import { InstallDialog } from './install-dialog';

@Injectable({ providedIn: 'root' })
export class Consent {
  readonly #dialog = inject(Dialog);

  /** Uploads a file and asks for consent. Returns the uploaded version, decided or not, or nothing. */
  async install(): Promise<PluginVersion | undefined> {
    const ref = this.#dialog.open<PluginVersion>(InstallDialog, {
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'install-title',
    });
    const version = await firstValueFrom(ref.closed);
    if (version) await this.ask(version);
    return version;
  }

  /** Shows what a version asks for. `true` when it was accepted or refused. */
  async ask(version: PluginVersion): Promise<boolean> {
    const ref = this.#dialog.open<boolean>(ConsentDialog, {
      data: version,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'consent-title',
    });
    return (await firstValueFrom(ref.closed)) === true;
  }
}
