// People who read and write through the balancer, with a ledger of what was acknowledged.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

const CLIENT_TIMEOUT = 45_000;

/** One request. A broken connection or no answer has status 0. */
export function call(port, method, path, { token, body, headers = {}, timeout = CLIENT_TIMEOUT, agent } = {}) {
  return new Promise((resolve) => {
    const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent,
      timeout,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        ...headers,
      },
    });
    const failed = (error) => resolve({ status: 0, headers: {}, text: String(error.code ?? error.message) });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', failed);
    outgoing.on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', failed);
      response.on('aborted', () => failed(new Error('the answer broke off')));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const json = /json/.test(response.headers['content-type'] ?? '') ? tried(text) : undefined;
        resolve({ status: response.statusCode, headers: response.headers, text, json });
      });
    });
    outgoing.end(payload);
  });
}

function tried(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything that happened, in order: the table is made from it. */
export class Ledger {
  requests = [];
  /** By id of a company: what was acknowledged, and the note (`trying`) that may have been written without an answer. */
  companies = new Map();
  /** By id of an opportunité: its title. */
  opportunites = new Map();
  stale = [];

  note(answer, what, began) {
    const { status, headers, json, text } = answer;
    const problem = /problem\+json/.test(headers['content-type'] ?? '') && json?.status === status;
    const at = Date.now();
    this.requests.push({
      at,
      began,
      what,
      status,
      problem: problem && (status < 500 || Boolean(headers['retry-after'])),
      component: json?.component,
      code: json?.code ?? (status ? undefined : text),
    });
    return answer;
  }
}

/** A signed-in person. Does one thing after the other. */
export class Person {
  busy = false;
  known = [];
  constructor(port, email, ledger) {
    Object.assign(this, { port, email, ledger, agent: new Agent({ keepAlive: true, maxSockets: 1 }) });
  }

  async signIn(password) {
    const answer = await call(this.port, 'POST', '/api/auth/login', {
      body: { email: this.email, password },
      agent: this.agent,
    });
    if (answer.status !== 200) throw new Error(`${this.email} cannot sign in: ${answer.status} ${answer.text}`);
    this.take(answer);
    const sites = (await this.ask('GET', '/api/localisations')).json.data;
    this.site = sites[Math.floor(Math.random() * sites.length)].id;
  }
  take(answer) {
    this.token = answer.json.token;
    this.cookie = answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
    this.until = Date.now() + (answer.json.expiresIn - 120) * 1000;
  }
  async ask(method, path, options = {}) {
    if (Date.now() > this.until) {
      const fresh = await this.raw('POST', '/api/auth/refresh', { headers: { cookie: this.cookie } });
      if (fresh.status === 200) this.take(fresh);
    }
    return this.raw(method, path, { ...options, token: this.token });
  }
  async raw(method, path, options) {
    const began = Date.now();
    const answer = await call(this.port, method, path, { ...options, agent: this.agent });
    return this.ledger.note(answer, `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}').split('?')[0]}`, began);
  }

  /** As the web application does: the same key until there is an answer. */
  async surely(method, path, options) {
    const headers = { ...options.headers, 'idempotency-key': randomUUID() };
    for (let tries = 0; tries < 25; tries++) {
      const answer = await this.ask(method, path, { ...options, headers });
      const again = answer.status === 0 || answer.status >= 500 || answer.json?.code === 'idempotency-in-progress';
      if (!again) return answer;
      await pause(1000 * Number(answer.headers['retry-after'] ?? 1));
    }
    return undefined;
  }

  /** Reads what this person has just written. Only an answer with something older is stale. */
  async readBack(path, fits) {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await this.ask('GET', path);
      if (answer.status === 0 || answer.status >= 500) {
        await pause(500);
        continue;
      }
      if (answer.status !== 200 || !fits(answer.json))
        this.ledger.stale.push({ at: Date.now(), path, status: answer.status });
      return answer;
    }
  }

  async createCompany() {
    const name = `Topologie ${randomUUID()}`;
    const answer = await this.surely('POST', '/api/entreprises', { body: { name, localisationId: this.site } });
    if (answer?.status !== 201) return;
    const { id } = answer.json;
    this.ledger.companies.set(id, { name, notes: null });
    const back = await this.readBack(`/api/entreprises/${id}`, (read) => read.name === name);
    if (back?.status === 200) this.known.push({ id, etag: back.headers.etag });
  }
  async changeCompany() {
    const company = this.known.shift();
    if (!company) return this.createCompany();
    const notes = `note ${randomUUID()}`;
    const entry = this.ledger.companies.get(company.id);
    entry.trying = notes;
    const answer = await this.surely('PATCH', `/api/entreprises/${company.id}`, {
      body: { notes },
      headers: { 'if-match': company.etag },
    });
    if (answer?.status !== 200) return;
    Object.assign(entry, { notes, trying: undefined });
    const back = await this.readBack(`/api/entreprises/${company.id}`, (read) => read.notes === notes);
    if (back?.status === 200) this.known.push({ id: company.id, etag: back.headers.etag });
  }
  async createOpportunite() {
    const company = this.known.at(-1);
    if (!company) return this.createCompany();
    const title = `Topologie ${randomUUID()}`;
    const answer = await this.surely('POST', '/api/opportunites', {
      body: { entrepriseId: company.id, title, budget: 100_00 },
    });
    if (answer?.status !== 201) return;
    const { id } = answer.json.opportunite;
    this.ledger.opportunites.set(id, title);
    await this.readBack(`/api/opportunites/${id}`, (read) => read.opportunite.title === title);
  }
  read(path) {
    return this.ask('GET', path);
  }
}

const READS = [
  '/api/entreprises?limit=20',
  '/api/opportunites?limit=20',
  '/api/notifications?limit=20',
  '/api/dashboard',
  '/api/auth/me',
  '/api/opportunites/kanban',
];

/** So many requests a second by these people, until stopped. */
export class Load {
  late = 0;
  constructor(people, perSecond) {
    Object.assign(this, { people, perSecond, running: true, under: new Set(), turn: 0 });
  }
  start() {
    this.done = (async () => {
      const began = Date.now();
      let asked = 0;
      while (this.running) {
        const due = began + (asked * 1000) / this.perSecond;
        if (due > Date.now()) await pause(due - Date.now());
        const person = this.people.find((one) => !one.busy);
        if (!person) {
          this.late++;
          asked++;
          continue;
        }
        // The one who has rested longest comes next.
        this.people.push(...this.people.splice(this.people.indexOf(person), 1));
        asked += this.act(person);
      }
      await Promise.all(this.under);
    })();
  }
  /** Starts an act, and says how many requests it takes. */
  act(person) {
    const n = this.turn++ % 10;
    const [work, requests] =
      n < 2
        ? [person.createCompany(), 2]
        : n < 3
          ? [person.createOpportunite(), 2]
          : n < 4
            ? [person.changeCompany(), 2]
            : [person.read(READS[this.turn % READS.length]), 1];
    person.busy = true;
    const task = work.finally(() => {
      person.busy = false;
      this.under.delete(task);
    });
    this.under.add(task);
    return requests;
  }
  async stop() {
    this.running = false;
    await this.done;
  }
}
