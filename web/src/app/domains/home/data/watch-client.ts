/** What needs an administrator. Each question is asked alone: one without an answer leaves the others. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { listConnecteurs } from '../../../api/fn/connecteurs/list-connecteurs';
import { listRuns } from '../../../api/fn/connecteurs/list-runs';
import { getJobCounts } from '../../../api/fn/jobs/get-job-counts';
import { listJournal } from '../../../api/fn/journal/list-journal';
import { listPlugins } from '../../../api/fn/plugins/list-plugins';
import { listUsers } from '../../../api/fn/users/list-users';
import { Session } from '../../../shared/auth/session';
import { today } from '../../../shared/i18n/format';
import { Finding, ofJobs, ofPeople, ofPlugins, ofRefusals, ofRun } from '../util/watch';

@Injectable({ providedIn: 'root' })
export class WatchClient {
  readonly #api = inject(Api);
  readonly #session = inject(Session);

  /** The findings, and how many questions had no answer. */
  async read(): Promise<{ findings: Finding[]; unanswered: number }> {
    const questions: [string, () => Promise<Finding[]>][] = [
      ['plugins:read', async () => ofPlugins((await this.#api.invoke(listPlugins)).data)],
      ['jobs:read', async () => ofJobs((await this.#api.invoke(getJobCounts)).queues)],
      ['connecteurs:manage', () => this.#runs()],
      [
        'users:write',
        async () => ofPeople((await this.#api.invoke(listUsers, { role: 'admin', active: true, limit: 200 })).data),
      ],
      ['journal:read', () => this.#refusals(today())],
    ];
    const asked = questions.filter(([right]) => this.#session.can(right)).map(([, ask]) => ask());
    const answers = await Promise.allSettled(asked);
    return {
      findings: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
      unanswered: answers.filter(({ status }) => status === 'rejected').length,
    };
  }

  async #runs(): Promise<Finding[]> {
    const { data } = await this.#api.invoke(listConnecteurs);
    const last = data.map(async ({ id, name }) =>
      ofRun(id, name, (await this.#api.invoke(listRuns, { plugin: id, limit: 1 })).data[0]),
    );
    return (await Promise.all(last)).flat();
  }

  async #refusals(since: string): Promise<Finding[]> {
    const { meta } = await this.#api.invoke(listJournal, { act: 'sign_in_refused', from: since, limit: 1 });
    return ofRefusals(meta.total, since);
  }
}
