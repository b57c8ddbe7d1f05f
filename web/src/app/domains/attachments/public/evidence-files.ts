/** Adds files that prove something to an opportunité or a session, and tells when files have changed. */
import { Injectable, computed, inject } from '@angular/core';
import { Session } from '../../../shared/auth/session';
import { AttachmentClient } from '../data/attachment-client';
import { AttachmentNews } from '../data/attachment-news';

type Kind = 'opportunites' | 'sessions';

const RIGHTS: Record<Kind, string> = { opportunites: 'opportunites:attach', sessions: 'sessions:write' };

@Injectable({ providedIn: 'root' })
export class EvidenceFiles {
  readonly #client = inject(AttachmentClient);
  readonly #news = inject(AttachmentNews);
  readonly #session = inject(Session);

  /** Another number after each change of files. */
  readonly changes = computed(() => this.#news.last().count);

  may(kind: Kind): boolean {
    return this.#session.can(RIGHTS[kind]);
  }

  async add(kind: Kind, id: string, evidence: string, file: File): Promise<void> {
    const upload = await this.#client.upload(file, file.name, () => undefined);
    await this.#client.attach({ kind, id }, upload.id, null, evidence);
    this.#news.tell(this);
  }
}
