/** The files of a record: adds several at once with their progress, shows, renames, replaces, removes and saves them. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Attachment } from '../../../api/models/attachment';
import { AttachmentFile } from '../../../api/models/attachment-file';
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { Session } from '../../../shared/auth/session';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { Format } from '../../../shared/i18n/pipes';
import { PanelFrame } from '../../../shared/panels/panels';
import { Confirm } from '../../../shared/ui/confirm';
import { FileViewer } from '../../../shared/ui/file-viewer';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { AttachmentClient, Holder } from '../data/attachment-client';
import { AttachmentNews } from '../data/attachment-news';
import { UploadQueue } from '../data/upload-queue';
import { AttachmentRow, Wish } from '../ui/attachment-row';
import { DropZone } from '../ui/drop-zone';
import { UploadList } from '../ui/upload-list';
import { Section } from '../util/section';
import { RenameDialog, RenameQuestion } from './rename-dialog';

@Component({
  selector: 'afpi-attachments',
  imports: [AttachmentRow, DropZone, Empty, Failed, Icon, Loading, TranslocoPipe, UploadList],
  template: `
    @if (files.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="files.reload()" /></div>
    } @else if (!files.hasValue()) {
      <afpi-loading [rows]="3" />
    } @else {
      <ul class="list">
        @for (file of files.value(); track file.id) {
          <li>
            <afpi-attachment-row
              [file]="file"
              [sections]="sections()"
              [editable]="editable()"
              (wish)="grant(file, $event)"
            />
          </li>
        } @empty {
          <li>
            <afpi-empty
              icon="file"
              [title]="'attachments.none' | transloco"
              [text]="'attachments.noneText' | transloco"
            />
          </li>
        }
      </ul>
      <div class="card-body stack">
        <afpi-upload-list [items]="uploads.items()" (dismiss)="uploads.dismiss($event)" />
        @if (editable()) {
          <afpi-drop-zone (files)="addAll($event)" (picture)="addPicture($event)" />
          <input #other type="file" hidden (change)="replaceBy($event)" />
        }
      </div>
      @if (files.value().length > 1) {
        <footer class="card-foot">
          <button type="button" class="btn btn-s" (click)="saveAll()">
            <afpi-icon name="download" [size]="15" />{{ 'attachments.downloadAll' | transloco }}
          </button>
        </footer>
      }
    }
  `,
  providers: [UploadQueue],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Attachments {
  readonly kind = input.required<AttachmentRecordKind>();
  /** The record's id. */
  readonly record = input.required<string>();
  /** What people call the record: the name of its archive. */
  readonly label = input.required<string>();
  /** The right to change the files. */
  readonly permission = input.required<string>();
  /** Of an opportunité: all sections, and the one that new files belong to. */
  readonly sections = input<readonly Section[]>([]);
  readonly section = input<string | null>(null);

  readonly #client = inject(AttachmentClient);
  readonly #news = inject(AttachmentNews);
  readonly #dialog = inject(Dialog);
  readonly #viewer = inject(FileViewer);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #session = inject(Session);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly uploads = inject(UploadQueue);
  protected readonly other = viewChild<ElementRef<HTMLInputElement>>('other');
  readonly #replaced = signal<Attachment | null>(null);

  readonly #holder = computed<Holder>(() => ({ kind: this.kind(), id: this.record() }), {
    equal: (one, two) => one.kind === two.kind && one.id === two.id,
  });
  protected readonly editable = computed(() => this.#session.can(this.permission()));
  protected readonly files = resource({
    params: () => this.#holder(),
    loader: ({ params }) => this.#client.list(params),
  });

  constructor() {
    const frame = inject(PanelFrame);
    effect(() => {
      const { count, by } = this.#news.last();
      if (count > 0 && by !== this) untracked(() => this.files.reload());
    });
    // The virus scanner takes a moment. What it says of a file changes checklists and evidence.
    const waiting = computed(() => {
      const all = this.files.hasValue() ? this.files.value() : [];
      return all.flatMap(({ versions }) => versions.filter(isWaiting)).length;
    });
    pollWhile(
      () => waiting() > 0,
      () => this.files.reload(),
      3000,
    );
    let waited = 0;
    effect(() => {
      const now = waiting();
      if (now < waited)
        untracked(() => {
          this.#news.tell(this);
        });
      waited = now;
    });
    effect(() => {
      const count = this.files.hasValue() ? this.files.value().length : 0;
      frame.badge.set(count ? this.#format.count(count) : null);
    });
  }

  protected addAll(files: File[]): void {
    for (const file of files) this.#add(file, file.name);
  }
  protected addPicture(picture: File): void {
    const at = this.#format.instant(new Date().toISOString()).replaceAll(/[/:]/g, '-');
    this.#add(picture, this.#transloco.translate('attachments.pasted', { at }));
  }
  #add(file: File, name: string): void {
    const [holder, section] = [this.#holder(), this.section()];
    this.uploads.add(name, async (progress) => {
      const upload = await this.#client.upload(file, name, progress);
      const added = await this.#client.attach(holder, upload.id, section);
      this.#put(holder, (all) => [...all, added]);
      this.#toasts.done(this.#transloco.translate('attachments.added', { name: added.name }));
    });
  }

  protected async grant(file: Attachment, { act, number }: Wish): Promise<void> {
    const holder = this.#holder();
    try {
      if (act === 'preview') this.#preview(holder, file, number);
      else if (act === 'download') await this.#client.save(holder, file, number);
      else if (act === 'rename') await this.#rename(holder, file);
      else if (act === 'remove') await this.#remove(holder, file);
      else {
        this.#replaced.set(file);
        this.other()?.nativeElement.click();
      }
    } catch (error) {
      this.#problems.report(error);
      // Somebody else may have changed or removed it.
      this.files.reload();
    }
  }
  protected replaceBy(event: Event): void {
    const picker = event.target as HTMLInputElement;
    const [chosen, file, holder] = [picker.files?.[0], this.#replaced(), this.#holder()];
    picker.value = '';
    if (!chosen || !file) return;
    this.uploads.add(chosen.name, async (progress) => {
      const upload = await this.#client.upload(chosen, chosen.name, progress);
      this.#changed(holder, await this.#client.replace(holder, file, upload.id));
      this.#toasts.done(this.#transloco.translate('attachments.replaced'));
    });
  }
  protected async saveAll(): Promise<void> {
    try {
      await this.#client.saveAll(this.#holder(), this.label());
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #preview(holder: Holder, file: Attachment, number?: number): void {
    this.#viewer.show({
      name: file.name,
      load: () => this.#client.preview(holder, file, number),
      save: () => this.#client.save(holder, file, number),
    });
  }
  async #rename(holder: Holder, file: Attachment): Promise<void> {
    const data: RenameQuestion = { holder, file, sections: this.sections() };
    const ref = this.#dialog.open<Attachment | null>(RenameDialog, {
      data,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'rename-title',
    });
    const renamed = await firstValueFrom(ref.closed);
    if (!renamed) return;
    this.#changed(holder, renamed);
    this.#toasts.done(this.#transloco.translate('common.saved'));
  }
  async #remove(holder: Holder, file: Attachment): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.#transloco.translate('attachments.removeTitle', { name: file.name }),
      body: this.#transloco.translate('attachments.removeBody'),
      yes: this.#transloco.translate('attachments.remove'),
      danger: true,
    });
    if (!sure) return;
    await this.#client.remove(holder, file);
    this.#put(holder, (all) => all.filter(({ id }) => id !== file.id));
    this.#toasts.done(this.#transloco.translate('attachments.removed'));
  }

  #changed(holder: Holder, now: Attachment): void {
    this.#put(holder, (all) => all.map((file) => (file.id === now.id ? now : file)));
  }
  /** Other parts of the page show the same files. The page may show another record by now. */
  #put(holder: Holder, change: (all: Attachment[]) => Attachment[]): void {
    this.#news.tell(this);
    if (holder !== this.#holder() || !this.files.hasValue()) return;
    this.files.set(change(this.files.value()));
  }
}

function isWaiting({ state }: AttachmentFile): boolean {
  return state === 'waiting';
}
