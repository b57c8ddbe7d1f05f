#!/usr/bin/env node
// The dashboards: each panel in one line here, written as Grafana's JSON into dashboards/ (`node dashboards.mjs`).
// scripts/monitoring.mjs says when these files are out of date; scripts/topology-test.mjs asks a real Prometheus every query.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = { type: 'prometheus', uid: 'prometheus' };
const R = '[$__rate_interval]';

const target = ([expr, legend = ''], n) => ({ refId: 'ABCDEFGH'[n], datasource: SOURCE, expr, legendFormat: legend });
function panel(type, title, unit, queries, { red, description, w = 8, h = 8 } = {}) {
  const steps = [{ color: 'green', value: null }, ...(red === undefined ? [] : [{ color: 'red', value: red }])];
  const options = {
    stat: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' },
    bargauge: { reduceOptions: { calcs: ['lastNotNull'] }, orientation: 'horizontal', displayMode: 'basic' },
    timeseries: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  }[type];
  const defaults = { unit, thresholds: { mode: 'absolute', steps }, ...(type === 'timeseries' && { min: 0 }) };
  return { type, title, ...(description && { description }), datasource: SOURCE, fieldConfig: { defaults, overrides: [] }, options, targets: queries.map(target), size: [w, h] };
}
const stat = (title, unit, expr, more) => panel('stat', title, unit, [[expr]], { w: 4, h: 4, ...more });
const line = (title, unit, ...queries) => panel('timeseries', title, unit, queries);
const bars = (title, unit, expr, legend) => panel('bargauge', title, unit, [[expr, legend]], { h: 10 });
const row = (title) => ({ type: 'row', title, collapsed: false, panels: [], size: [24, 1] });
const variable = (name, label, query, more = {}) => ({
  name, label, type: 'query', datasource: SOURCE, query: { query, refId: name }, definition: query, refresh: 2, sort: 1, multi: true, includeAll: true, allValue: '.*',
  current: { text: 'All', value: '$__all' }, ...more,
});
const percentile = (q, by, metric, filter = '') => `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${metric}_bucket${filter}${R})))`;
const NODES = 'job=~"afpi|afpi-worker"';
const DISKS = 'fstype!~"tmpfs|ramfs|squashfs|overlay|iso9660"';

const dashboards = {
  operations: ['Operations', [], [
    row('At a glance'),
    stat('Product answers', 'none', 'min(probe_success{job="probe"})', { description: '1 while it answers from outside.' }),
    stat('Backends up', 'none', 'sum(up{job="afpi"})'),
    stat('Requests', 'reqps', `sum(rate(afpi_http_requests_total${R}))`),
    stat('Failing requests', 'percentunit', `(sum(rate(afpi_http_requests_total{status=~"5.."}${R})) or vector(0)) / sum(rate(afpi_http_requests_total${R}))`, { red: 0.02 }),
    stat('People active', 'none', 'max(afpi_active_users)'),
    stat('Parts away', 'none', 'count(min by (component) (afpi_component_up) == 0) or vector(0)', { red: 1 }),
    row('Requests: rate, errors, duration'),
    line('By status', 'reqps', [`sum by (status) (rate(afpi_http_requests_total${R}))`, '{{status}}']),
    line('Errors by route', 'reqps', [`topk(8, sum by (method, route, status) (rate(afpi_http_requests_total{status=~"4..|5.."}${R})))`, '{{status}} {{method}} {{route}}']),
    line('Time to answer', 's', ...[0.5, 0.95, 0.99].map((q) => [percentile(q, [], 'afpi_http_request_duration_seconds'), `p${q * 100}`])),
    line('Busiest routes', 'reqps', [`topk(8, sum by (method, route) (rate(afpi_http_requests_total${R})))`, '{{method}} {{route}}']),
    line('Slowest routes, p95', 's', [`topk(8, ${percentile(0.95, ['method', 'route'], 'afpi_http_request_duration_seconds')})`, '{{method}} {{route}}']),
    line('Budget of errors: times too fast', 'short', ['topk(8, afpi:route_errors:ratio_rate1h / 0.005)', '{{route}}']),
    line('nginx', 'reqps', [`sum by (instance) (rate(nginx_http_requests_total${R}))`, '{{instance}}']),
    line('Open connections', 'short', ['nginx_connections_active', '{{instance}}']),
    line('Sign-ins per minute', 'short', [`60 * sum by (outcome) (rate(afpi_logins_total${R}))`, '{{outcome}}']),
    line('Deliveries to webhooks per minute', 'short', [`60 * sum by (outcome) (rate(afpi_webhook_deliveries_total${R}))`, '{{outcome}}']),
    line('Time of webhook receivers, p95', 's', [percentile(0.95, [], 'afpi_webhook_duration_seconds'), 'p95']),
    line('Calls through API keys per minute', 'short', [`60 * sum by (outcome) (rate(afpi_api_key_calls_total${R}))`, '{{outcome}}']),
    row('Machine and processes: utilisation, saturation, errors'),
    line('CPU of the machine', 'percentunit', [`1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}${R}))`, '{{instance}}']),
    line('Load per core', 'short', ['node_load5 / count by (instance, job) (node_cpu_seconds_total{mode="idle"})', '{{instance}}']),
    line('Memory left', 'percentunit', ['node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', '{{instance}}']),
    line('Disk left', 'percentunit', [`node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes`, '{{instance}} {{mountpoint}}']),
    line('Disk busy', 'percentunit', [`rate(node_disk_io_time_seconds_total${R})`, '{{instance}} {{device}}']),
    line('Network', 'Bps', [`sum by (instance) (rate(node_network_receive_bytes_total${R}))`, 'in'], [`sum by (instance) (rate(node_network_transmit_bytes_total${R}))`, 'out']),
    line('CPU of our processes', 'percentunit', [`rate(process_cpu_seconds_total{${NODES}}${R})`, '{{instance}}']),
    line('Their memory', 'bytes', [`process_resident_memory_bytes{${NODES}}`, '{{instance}}']),
    line('Their open files', 'short', [`process_open_fds{${NODES}}`, '{{instance}}']),
    row('Files and documents'),
    line('Uploads per minute', 'short', [`60 * sum by (outcome) (rate(afpi_file_uploads_total${R}))`, '{{outcome}}'], [`60 * sum by (outcome) (rate(afpi_file_scans_total${R}))`, 'scan {{outcome}}']),
    line('Documents per minute', 'short', [`60 * sum by (result) (rate(afpi_documents_total${R}))`, '{{result}}']),
    line('Documents that wait', 'short', ['sum by (lane) (afpi_documents_waiting)', '{{lane}}'], ['max by (state) (afpi_files_withheld)', 'files {{state}}']),
  ]],
  database: ['Database and Redis', [], [
    row('MariaDB'),
    stat('Servers up', 'none', 'sum(mysql_up)'),
    stat('Replica behind', 's', 'max(mysql_slave_status_seconds_behind_master)', { red: 30 }),
    stat('Newest backup', 's', 'max(afpi_backup_age_seconds)', { red: 26 * 3600 }),
    stat('Replica follows', 'none', 'min(mysql_slave_status_slave_io_running + mysql_slave_status_slave_sql_running) == bool 2'),
    stat('Our connections in use', 'none', 'sum(afpi_db_connections{state="used"})'),
    stat('Redis up', 'none', 'sum(redis_up)'),
    stat('Redis memory', 'percentunit', 'max(redis_memory_used_bytes / (redis_memory_max_bytes > 0))', { red: 0.8 }),
    line('Statements', 'ops', [`sum by (instance, command) (rate(mysql_global_status_commands_total{command=~"select|insert|update|delete|commit|rollback"}${R}))`, '{{instance}} {{command}}']),
    line('Threads', 'short', ['mysql_global_status_threads_running', '{{instance}} running'], ['mysql_global_status_threads_connected', '{{instance}} connected']),
    line('Slow statements per minute', 'short', [`60 * rate(mysql_global_status_slow_queries${R})`, '{{instance}}']),
    line('Waits for rows', 'ops', [`rate(mysql_global_status_innodb_row_lock_waits${R})`, '{{instance}}']),
    line('Read from disk instead of memory', 'percentunit', [`rate(mysql_global_status_innodb_buffer_pool_reads${R}) / rate(mysql_global_status_innodb_buffer_pool_read_requests${R})`, '{{instance}}']),
    line('Behind the primary', 's', ['mysql_slave_status_seconds_behind_master', '{{instance}}']),
    line('Connections of each node', 'short', ['afpi_db_connections{state="used"}', '{{instance}} in use'], ['afpi_db_connections_limit', '{{instance}} at most']),
    row('Redis'),
    line('Commands', 'ops', [`rate(redis_commands_processed_total${R})`, '{{instance}}']),
    line('Memory', 'bytes', ['redis_memory_used_bytes', '{{instance}}']),
    line('Clients', 'short', ['redis_connected_clients', '{{instance}}'], ['redis_blocked_clients', '{{instance}} waiting']),
    line('Written to disk', 'short', ['redis_aof_enabled * redis_aof_last_write_status', '{{instance}}']),
    line('Cluster: slots served', 'short', ['redis_cluster_slots_ok', '{{instance}}']),
    line('Replicas linked', 'short', ['redis_master_link_up', '{{instance}}']),
  ]],
  jobs: ['Jobs', [variable('queue', 'Queue', 'label_values(afpi_queue_jobs, queue)')], [
    stat('Waiting', 'none', 'sum(max by (queue) (afpi_queue_jobs{state="waiting",queue=~"$queue"}))'),
    stat('Running', 'none', 'sum(max by (queue) (afpi_queue_jobs{state="active",queue=~"$queue"}))'),
    stat('Dead', 'none', 'sum(max by (queue) (afpi_queue_jobs{state="dead",queue=~"$queue"}))', { red: 1 }),
    stat('Oldest waiting', 's', 'max(afpi_queue_oldest_seconds{queue=~"$queue"})', { red: 300 }),
    stat('In the outbox', 'none', 'max(afpi_outbox_jobs)'),
    stat('Oldest in the outbox', 's', 'max(afpi_outbox_oldest_seconds)', { red: 60 }),
    line('In line', 'short', ['max by (queue, state) (afpi_queue_jobs{state=~"waiting|delayed|active",queue=~"$queue"})', '{{queue}} {{state}}']),
    line('Oldest waiting job', 's', ['max by (queue) (afpi_queue_oldest_seconds{queue=~"$queue"})', '{{queue}}']),
    line('Dead', 'short', ['max by (queue) (afpi_queue_jobs{state="dead",queue=~"$queue"})', '{{queue}}']),
    line('Ends per minute', 'short', [`60 * sum by (kind, outcome) (rate(afpi_jobs_total${R}))`, '{{kind}} {{outcome}}']),
    line('Time in handlers, p95', 's', [percentile(0.95, ['kind'], 'afpi_job_duration_seconds'), '{{kind}}']),
    line('Time in line, p95', 's', [percentile(0.95, ['kind'], 'afpi_job_wait_seconds'), '{{kind}}']),
    line('Outbox', 'short', ['max(afpi_outbox_jobs)', 'jobs'], ['max(afpi_outbox_oldest_seconds)', 'age of the oldest, s']),
    line('Mails', 'short', ['sum by (outcome) (increase(afpi_mails_total[5m]))', '{{outcome}}']),
    line('Mails of the drop box', 'short', ['sum by (outcome) (increase(afpi_courriels_total[5m]))', '{{outcome}}'], ['sum(increase(afpi_mailbox_reads_total{outcome="failed"}[5m]))', 'mailbox not read']),
    line('Changes by connectors and imports', 'short', ['sum by (connector, action) (increase(afpi_sync_changes_total[5m]))', '{{connector}} {{action}}']),
  ]],
  plugins: ['Plugins', [
    variable('plugin', 'Plugin', 'label_values(afpi_plugin_calls_total, plugin)'),
    variable('site', 'Site', 'label_values(afpi_plugin_calls_total{plugin=~"$plugin"}, site)'),
  ], [
    stat('Calls', 'ops', `sum(rate(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site"}${R}))`),
    stat('In quarantine', 'none', 'sum(max by (plugin, site) (afpi_plugin_quarantined{plugin=~"$plugin",site=~"$site"}))', { red: 1 }),
    stat('Not loaded on a node', 'none', 'count(afpi_component_up{component=~"plugins|workflow"} == 0) or vector(0)', { red: 1 }),
    stat('Memory of their instances', 'percentunit', 'max(afpi_plugin_memory_bytes / afpi_plugin_memory_limit_bytes)', { red: 0.9 }),
    stat('Faults in 15 minutes', 'none', 'sum(increase(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site",outcome=~"trap|timeout|memory|host-budget|wrong-answer"}[15m])) or vector(0)', { red: 1 }),
    stat('Refused decisions', 'none', 'sum(increase(afpi_plugin_wrong_decisions_total{plugin=~"$plugin",site=~"$site"}[1h])) or vector(0)', { red: 1 }),
    line('Calls by plugin', 'ops', [`sum by (plugin) (rate(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site"}${R}))`, '{{plugin}}']),
    line('Calls by function', 'ops', [`sum by (plugin, function) (rate(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site"}${R}))`, '{{plugin}} {{function}}']),
    line('Busiest sites', 'ops', [`topk(8, sum by (plugin, site) (rate(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site"}${R})))`, '{{plugin}} {{site}}']),
    line('Time in calls, p99', 's', [percentile(0.99, ['plugin', 'site'], 'afpi_plugin_call_duration_seconds', '{plugin=~"$plugin",site=~"$site"}'), '{{plugin}} {{site}}']),
    line('Time in calls, median', 's', [percentile(0.5, ['plugin'], 'afpi_plugin_call_duration_seconds', '{plugin=~"$plugin",site=~"$site"}'), '{{plugin}}']),
    line('Calls that did not end well', 'ops', [`sum by (plugin, site, outcome) (rate(afpi_plugin_calls_total{plugin=~"$plugin",site=~"$site",outcome!="ok"}${R}))`, '{{plugin}} {{site}} {{outcome}}']),
    line('Memory of a process', 'bytes', ['afpi_plugin_memory_bytes', '{{instance}}'], ['afpi_plugin_memory_limit_bytes', '{{instance}} at most']),
    line('Refused capabilities', 'ops', [`sum by (plugin, site, capability) (rate(afpi_plugin_denied_total{plugin=~"$plugin",site=~"$site"}${R}))`, '{{plugin}} {{site}} {{capability}}']),
    line('Log lines', 'ops', [`sum by (plugin, site, level) (rate(afpi_plugin_log_lines_total{plugin=~"$plugin",site=~"$site"}${R}))`, '{{plugin}} {{site}} {{level}}']),
    line('Figures that plugins publish', 'short', ['max by (plugin, site, name) (afpi_plugin_figure{plugin=~"$plugin",site=~"$site"})', '{{plugin}} {{site}} {{name}}']),
  ]],
  business: ['Business', [
    variable('localisation', 'Localisation', 'label_values({__name__=~"afpi_business_.+"}, localisation)'),
    variable('metric', 'Figure', 'label_values({__name__=~"afpi_business_.+"}, metric)', { multi: false, includeAll: false, current: { text: 'ca_signe', value: 'ca_signe' } }),
  ], [
    bars('Revenue signed this month', 'currencyEUR', 'sort_desc(max by (localisation) (afpi_business_euros{metric="ca_signe",localisation=~"$localisation"}))', '{{localisation}}'),
    bars('Win rate', 'percentunit', 'sort_desc(max by (localisation) (afpi_business_ratio{metric="taux_transformation",localisation=~"$localisation"}))', '{{localisation}}'),
    bars('Weighted pipeline', 'currencyEUR', 'sort_desc(max by (localisation) (afpi_business_euros{metric="pipeline_pondere",localisation=~"$localisation"}))', '{{localisation}}'),
    line('$metric over time', 'short', ['max by (localisation) ({__name__=~"afpi_business_.+",metric="$metric",localisation=~"$localisation"})', '{{localisation}}']),
    line('Opportunités created per hour', 'short', ['sum by (localisation) (increase(afpi_opportunites_created_total{localisation=~"$localisation"}[1h]))', '{{localisation}}']),
    line('Moves per hour', 'short', ['sum by (transition) (increase(afpi_opportunites_moved_total{localisation=~"$localisation"}[1h]))', '{{transition}}']),
  ]],
};

/** Places the panels in rows of 24 columns. */
function placed(panels) {
  let [x, y, tallest] = [0, 0, 0];
  return panels.map(({ size: [w, h], ...rest }, n) => {
    if (x + w > 24) [x, y, tallest] = [0, y + tallest, 0];
    const gridPos = { h, w, x, y };
    [x, tallest] = [x + w, Math.max(tallest, h)];
    return { id: n + 1, ...rest, gridPos };
  });
}

/** File name → text. */
export function files() {
  return Object.entries(dashboards).map(([name, [title, variables, panels]]) => {
    const head = { uid: `afpi-${name}`, title: `AFPI CRM: ${title}`, tags: ['afpi'], timezone: 'Europe/Paris', schemaVersion: 39, version: 1, editable: false, refresh: '30s', time: { from: 'now-6h', to: 'now' }, graphTooltip: 1, annotations: { list: [] } };
    const links = [{ type: 'dashboards', title: 'AFPI CRM', tags: ['afpi'], asDropdown: true, includeVars: true, keepTime: true }];
    // A panel a line, so that a change shows what it changes.
    const lines = placed(panels).map((one) => `  ${JSON.stringify(one)}`);
    const text = JSON.stringify({ ...head, links, templating: { list: variables } }, null, 1).replace(/\n\}$/, `,\n "panels": [\n${lines.join(',\n')}\n ]\n}\n`);
    return [`${name}.json`, text];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of files()) writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'dashboards', name), text);
}
