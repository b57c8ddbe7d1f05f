/** Notes and tasks on the server. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { createNote } from '../../../api/fn/notes/create-note';
import { deleteNote } from '../../../api/fn/notes/delete-note';
import { listNotePeople } from '../../../api/fn/notes/list-note-people';
import { listNotes } from '../../../api/fn/notes/list-notes';
import { updateNote } from '../../../api/fn/notes/update-note';
import { listSuivi } from '../../../api/fn/suivi/list-suivi';
import { createTache } from '../../../api/fn/taches/create-tache';
import { deleteTache } from '../../../api/fn/taches/delete-tache';
import { listTaches } from '../../../api/fn/taches/list-taches';
import { updateTache } from '../../../api/fn/taches/update-tache';
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { Note } from '../../../api/models/note';
import { NoteCreate } from '../../../api/models/note-create';
import { NotePerson } from '../../../api/models/note-person';
import { NoteUpdate } from '../../../api/models/note-update';
import { SuiviEntry } from '../../../api/models/suivi-entry';
import { SuiviKind } from '../../../api/models/suivi-kind';
import { Tache } from '../../../api/models/tache';
import { TacheCreate } from '../../../api/models/tache-create';
import { TacheUpdate } from '../../../api/models/tache-update';
import { Changes } from '../../../shared/http/changes';

/** The record that notes and tasks are about. */
export interface About {
  kind: AttachmentRecordKind;
  id: string;
}

/** A part of the timeline, and where it goes on. */
export interface Stretch {
  entries: SuiviEntry[];
  next?: string;
}

@Injectable({ providedIn: 'root' })
export class SuiviClient {
  readonly #api = inject(Api);
  readonly #changes = inject(Changes);

  /** What happened around the record, the newest first. */
  async timeline(about: About, of?: SuiviKind, cursor?: string): Promise<Stretch> {
    const { data, meta } = await this.#api.invoke(listSuivi, { ...about, of, cursor, limit: 20 });
    return { entries: data, next: meta.next ?? undefined };
  }
  async notes(about: About): Promise<Note[]> {
    return (await this.#api.invoke(listNotes, about)).data;
  }
  /** The people who see the record. */
  async people(about: About): Promise<NotePerson[]> {
    return (await this.#api.invoke(listNotePeople, about)).data;
  }
  write(about: About, body: NoteCreate): Promise<Note> {
    return this.#api.invoke(createNote, { ...about, body });
  }
  change(about: About, note: Note, body: NoteUpdate): Promise<Note> {
    return this.#api.invoke(updateNote, { ...about, note: note.id, 'If-Match': `"${note.version}"`, body });
  }
  remove(about: About, note: Note): Promise<void> {
    return this.#api.invoke(deleteNote, { ...about, note: note.id, 'If-Match': `"${note.version}"` });
  }

  /** The open tasks about a record. */
  async tasksOf({ kind, id }: About): Promise<Tache[]> {
    return (await this.#api.invoke(listTaches, { kind, record: id })).data;
  }
  /** One's own open tasks, or those that one has given to others. */
  async mine(given: boolean): Promise<Tache[]> {
    return (await this.#api.invoke(listTaches, { given })).data;
  }
  give(body: TacheCreate): Promise<Tache> {
    return this.#changes.after('taches', this.#api.invoke(createTache, { body }));
  }
  set(task: Tache, body: TacheUpdate): Promise<Tache> {
    return this.#changes.after(
      'taches',
      this.#api.invoke(updateTache, { id: task.id, 'If-Match': `"${task.version}"`, body }),
    );
  }
  drop(task: Tache): Promise<void> {
    return this.#changes.after(
      'taches',
      this.#api.invoke(deleteTache, { id: task.id, 'If-Match': `"${task.version}"` }),
    );
  }
}
