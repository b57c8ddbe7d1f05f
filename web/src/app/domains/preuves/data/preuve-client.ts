/** Dossiers de preuve on the server: the live list, and archives. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { createPreuveExport } from '../../../api/fn/preuves/create-preuve-export';
import { getPreuveExport } from '../../../api/fn/preuves/get-preuve-export';
import { getPreuves } from '../../../api/fn/preuves/get-preuves';
import { PreuveArchive } from '../../../api/models/preuve-archive';
import { PreuveExport } from '../../../api/models/preuve-export';
import { PreuveKind } from '../../../api/models/preuve-kind';
import { Preuves } from '../../../api/models/preuves';
import { Download } from '../../../shared/http/download';

/** What a dossier is about. */
export interface Training {
  kind: PreuveKind;
  id: string;
}

@Injectable({ providedIn: 'root' })
export class PreuveClient {
  readonly #api = inject(Api);
  readonly #download = inject(Download);

  read(training: Training): Promise<Preuves> {
    return this.#api.invoke(getPreuves, { kind: training.kind, id: training.id });
  }
  export(subjects: Training[]): Promise<PreuveExport> {
    return this.#api.invoke(createPreuveExport, { body: { subjects } });
  }
  progress(id: string): Promise<PreuveExport> {
    return this.#api.invoke(getPreuveExport, { id });
  }
  save({ id, label }: PreuveArchive): Promise<void> {
    return this.#download.file(`/api/preuves/archives/${id}/content`, `preuves-${label}.zip`);
  }
  /** All archives of an export in one. */
  saveAll({ id }: PreuveExport): Promise<void> {
    return this.#download.file(`/api/preuves/exports/${id}/content`, 'dossiers-preuve.zip');
  }
}
