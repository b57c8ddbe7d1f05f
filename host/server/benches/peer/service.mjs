// What most people would write first: the same two endpoints over the same tables, with Fastify and mysql2, without
// sign-in, rights, rules, history and notifications. `node service.mjs <MariaDB address> <port>`. The bench compares
// the product with it.
import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import mysql from 'mysql2/promise';

const [address, port] = process.argv.slice(2);
const pool = mysql.createPool({ uri: address, connectionLimit: 32 });
const service = Fastify();

const bytes = id => Buffer.from(id.replaceAll('-', ''), 'hex');
const text = id => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const ITEM = `SELECT o.id, o.numero, o.title, o.kind, o.section, o.status, o.outcome, o.amount, o.budget, o.created_at, o.updated_at,
  o.section_since, o.due_at, o.data, o.version, e.id AS entreprise_id, e.name AS entreprise, e.siret, e.city, u.id AS commercial_id,
  u.name AS commercial, u.role, l.id AS site_id, l.code, l.name AS site
  FROM opportunites o JOIN entreprises e ON e.id = o.entreprise_id JOIN users u ON u.id = o.commercial_id
  JOIN localisations l ON l.id = o.localisation_id`;

const shown = row => ({
  id: text(row.id), numero: row.numero, title: row.title, kind: row.kind, section: row.section, status: row.status,
  outcome: row.outcome, amount: row.amount, budget: row.budget, version: row.version,
  entreprise: { id: text(row.entreprise_id), name: row.entreprise, siret: row.siret, city: row.city },
  commercial: { id: text(row.commercial_id), name: row.commercial, role: row.role },
  localisation: { id: text(row.site_id), code: row.code, name: row.site },
  createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at), sectionSince: new Date(row.section_since),
  dueAt: row.due_at && new Date(row.due_at), data: JSON.parse(row.data),
});

const [[seller]] = await pool.execute("SELECT id FROM users WHERE role = 'commercial' ORDER BY email LIMIT 1");
let last = 0;

const body = {
  type: 'object',
  required: ['entrepriseId', 'title', 'budget'],
  additionalProperties: false,
  properties: {
    entrepriseId: { type: 'string', format: 'uuid' },
    title: { type: 'string', minLength: 1, maxLength: 200 },
    budget: { type: 'integer', minimum: 0 },
  },
};

service.post('/api/opportunites', { schema: { body } }, async (request, reply) => {
  const { entrepriseId, title, budget } = request.body;
  const [[company]] = await pool.execute('SELECT id, name, localisation_id FROM entreprises WHERE id = ? AND active = 1', [bytes(entrepriseId)]);
  if (!company) return reply.code(422).send({ error: 'unknown company' });
  const [id, now] = [bytes(randomUUID()), Date.now()];
  last += 1;
  await pool.execute(
    `INSERT INTO opportunites (id, numero, title, title_key, search, search_data, kind, entreprise_id, commercial_id, localisation_id, section, status,
     outcome, amount, budget, section_since, due_at, data, state, workflow_plugin, workflow_version, created_at, updated_at, version, pieces_kept,
     sessions_kept, creances_kept) VALUES (?, ?, ?, ?, ?, '', 'intra_entreprise', ?, ?, ?, 'collecte', 'en_cours_collecte', 'open', ?, ?, ?, NULL, '{}', '{}',
     '', '', ?, ?, 1, 1, 1, 1)`,
    [id, `PEER-${last}`, title, Buffer.from(title), `${title} ${company.name}`.toLowerCase(), company.id, seller.id, company.localisation_id, budget, budget,
      now, now, now],
  );
  const [[row]] = await pool.execute(`${ITEM} WHERE o.id = ?`, [id]);
  return reply.code(201).send({ opportunite: shown(row) });
});

service.get('/api/opportunites', async request => {
  const limit = Math.min(Number(request.query.limit ?? 50), 100);
  const [[{ total }]] = await pool.execute('SELECT COUNT(*) AS total FROM opportunites');
  const [rows] = await pool.query(`${ITEM} ORDER BY o.updated_at DESC, o.id DESC LIMIT ?`, [limit]);
  return { data: rows.map(shown), meta: { total } };
});

service.get('/readyz', async () => ({ status: 'ok' }));
await service.listen({ host: '127.0.0.1', port: Number(port) });
