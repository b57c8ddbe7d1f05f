/** Sessions on the server, with their trainees and their attendance. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { createSession } from '../../../api/fn/sessions/create-session';
import { getAttendance } from '../../../api/fn/sessions/get-attendance';
import { getSession } from '../../../api/fn/sessions/get-session';
import { ListSessions$Params, listSessions } from '../../../api/fn/sessions/list-sessions';
import { putAttendance } from '../../../api/fn/sessions/put-attendance';
import { putSessionHalfDays } from '../../../api/fn/sessions/put-session-half-days';
import { putSessionStagiaires } from '../../../api/fn/sessions/put-session-stagiaires';
import { updateSession } from '../../../api/fn/sessions/update-session';
import { AttendanceGrid } from '../../../api/models/attendance-grid';
import { AttendanceMark } from '../../../api/models/attendance-mark';
import { SessionRecord } from '../../../api/models/session-record';
import { SessionCreate } from '../../../api/models/session-create';
import { SessionHalfDayRow } from '../../../api/models/session-half-day-row';
import { SessionItem } from '../../../api/models/session-item';
import { SessionUpdate } from '../../../api/models/session-update';
import { Page } from '../../../shared/http/paged-list';

@Injectable({ providedIn: 'root' })
export class SessionClient {
  readonly #api = inject(Api);

  list(params: ListSessions$Params): Promise<Page<SessionItem>> {
    return this.#api.invoke(listSessions, params);
  }
  get(id: string): Promise<SessionRecord> {
    return this.#api.invoke(getSession, { id });
  }
  create(body: SessionCreate): Promise<SessionRecord> {
    return this.#api.invoke(createSession, { body });
  }
  change({ id, version }: SessionRecord, body: SessionUpdate): Promise<SessionRecord> {
    return this.#api.invoke(updateSession, { id, 'If-Match': `"${version}"`, body });
  }
  plan({ id, version }: SessionRecord, halfDays: SessionHalfDayRow[]): Promise<SessionRecord> {
    return this.#api.invoke(putSessionHalfDays, { id, 'If-Match': `"${version}"`, body: { halfDays } });
  }
  choose(id: string, stagiaireIds: string[]): Promise<SessionRecord> {
    return this.#api.invoke(putSessionStagiaires, { id, body: { stagiaireIds } });
  }
  attendance(id: string): Promise<AttendanceGrid> {
    return this.#api.invoke(getAttendance, { id });
  }
  mark(id: string, cells: AttendanceMark[]): Promise<AttendanceGrid> {
    return this.#api.invoke(putAttendance, { id, body: { cells } });
  }
}
