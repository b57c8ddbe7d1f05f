// Asks a real Prometheus every query of the dashboards, and whether it could evaluate every rule.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { call } from './people.mjs';
import { ROOT } from './topology.mjs';

const FOLDER = join(ROOT, 'deploy/grafana/dashboards');
/** Counters that appear with their first event, and parts that are not there: what contains these may answer nothing. */
const EMPTY = {
  afpi_opportunites_moved_total: 'nobody decides a move',
  afpi_plugin_denied_total: 'no plugin asks for what it may not do',
  afpi_plugin_figure: 'no plugin of the product publishes figures of its own',
  afpi_plugin_log_lines_total: 'the plugins have nothing to report',
  afpi_plugin_wrong_decisions_total: 'the workflow contradicts nothing',
  'metric="taux_transformation"': 'nothing was won or lost',
  'outcome!="ok"': 'no call of a plugin failed',
  afpi_sync_changes_total: 'no connector is configured',
};

const concrete = (query) =>
  query
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$metric', 'ca_signe')
    .replace(/=~"\$\w+"/g, '=~".*"');

export async function dashboards({ port }) {
  const ask = async (path) => (await call(port('prometheus'), 'GET', path)).json;
  const results = [];
  let asked = 0;
  for (const file of readdirSync(FOLDER)) {
    const complaints = [];
    const { panels } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
    for (const { title, targets = [] } of panels) {
      for (const { expr } of targets) {
        asked++;
        const answer = await ask(`/api/v1/query?query=${encodeURIComponent(concrete(expr))}`);
        const excused = Object.keys(EMPTY).some((part) => expr.includes(part));
        if (answer?.status !== 'success') complaints.push(`${title}: ${answer?.error}`);
        else if (answer.data.result.length === 0 && !excused) complaints.push(`${title}: no data`);
      }
    }
    results.push([`dashboard ${file}`, complaints]);
  }
  const { data } = await ask('/api/v1/rules');
  const ill = data.groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok');
  results.push([
    'every rule can be evaluated',
    ill.map(({ name, health, lastError }) => `${name}: ${health} ${lastError ?? ''}`),
  ]);
  console.log(`${asked} queries of dashboards were asked`);
  return results;
}
