/** The files of the pieces of an opportunité's checklists. */
import { Injectable, computed, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Attachment } from '../../../api/models/attachment';
import { Session } from '../../../shared/auth/session';
import { Format } from '../../../shared/i18n/pipes';
import { PieceFile, PieceFiles } from '../../../shared/schema-form/piece-files';
import { Confirm } from '../../../shared/ui/confirm';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { formatSize } from '../util/size';
import { AttachmentClient, Holder } from './attachment-client';
import { AttachmentNews } from './attachment-news';

@Injectable({ providedIn: 'root' })
export class ChecklistFiles implements PieceFiles {
  readonly #client = inject(AttachmentClient);
  readonly #news = inject(AttachmentNews);
  readonly #session = inject(Session);
  readonly #viewer = inject(FileViewer);
  readonly #confirm = inject(Confirm);
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  readonly news = computed(() => this.#news.last().count);

  may(): boolean {
    return this.#session.can('opportunites:attach');
  }

  async list(record: string, section: string): Promise<PieceFile[]> {
    const all = await this.#client.list(holderOf(record));
    return all.flatMap((file) =>
      file.section === section && file.piece
        ? [
            {
              id: file.id,
              piece: file.piece,
              name: file.name,
              about: this.#about(file),
              withheld: file.state === 'ready' ? null : this.#transloco.translate(`attachments.state.${file.state}`),
            },
          ]
        : [],
    );
  }

  async add(
    record: string,
    { section, piece }: { section: string; piece: string },
    file: File,
    progress: (part: number) => void,
  ): Promise<void> {
    const upload = await this.#client.upload(file, file.name, progress);
    await this.#client.attach(holderOf(record), upload.id, section, piece);
    this.#news.tell(this);
  }

  async remove(record: string, id: string): Promise<boolean> {
    const file = await this.#find(record, id);
    const sure = await this.#confirm.ask({
      title: this.#transloco.translate('attachments.removeTitle', { name: file.name }),
      body: this.#transloco.translate('attachments.removeBody'),
      yes: this.#transloco.translate('attachments.remove'),
      danger: true,
    });
    if (!sure) return false;
    await this.#client.remove(holderOf(record), file);
    this.#news.tell(this);
    return true;
  }

  async open(record: string, id: string): Promise<void> {
    const file = await this.#find(record, id);
    const holder = holderOf(record);
    if (!file.preview) return this.#client.save(holder, file);
    this.#viewer.show({
      name: file.name,
      load: () => this.#client.preview(holder, file),
      save: () => this.#client.save(holder, file),
    });
  }

  async #find(record: string, id: string): Promise<Attachment> {
    const file = (await this.#client.list(holderOf(record))).find((one) => one.id === id);
    if (!file) throw new Error('the file is gone');
    return file;
  }
  #about({ size, createdBy, createdAt }: Attachment): string {
    const told = {
      size: formatSize(size, this.#format.tag),
      who: createdBy.name,
      when: this.#format.instant(createdAt),
    };
    return this.#transloco.translate('attachments.by', told);
  }
}

function holderOf(id: string): Holder {
  return { kind: 'opportunites', id };
}
