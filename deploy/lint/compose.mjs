// Checks compose.yaml for what no schema knows: limits, health checks, secrets, addresses, and that it describes the topology
// that scripts/topology.sh starts. Ends with: N passed, N failed.
import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { services, secrets, volumes, networks } = parse(read('compose.yaml'), { merge: true });
const all = Object.entries(services);
let passed = 0;
let failed = 0;
/** `fine` of every service, or the names of those that are not. */
function each(name, fine, among = all) {
  const wrong = among.filter(([service, settings]) => !fine(settings, service)).map(([service]) => service);
  check(name, wrong);
}
function check(name, complaints) {
  if (complaints.length === 0) return void passed++;
  failed++;
  console.log(`FAILED ${name}: ${complaints.join(', ')}`);
}

each('limits of CPU, memory and processes', ({ cpus, mem_limit, pids_limit }) => cpus && mem_limit && pids_limit);
each('logs are rotated', ({ logging }) => logging?.options?.['max-size'] && logging.options['max-file']);
each('restarted, read-only, without rights', ({ restart, read_only, cap_drop, security_opt }) => restart && read_only && cap_drop?.[0] === 'ALL' && security_opt?.[0] === 'no-new-privileges:true');
each('an exact version', ({ image }) => /:v?\d+\.\d+/.test(image) || image.startsWith('afpi-'));
each('no password in the environment', ({ environment = {} }) => Object.entries(environment).every(([name, value]) => !/PASSWORD|SECRET|_URL$/.test(name) || /_FILE$|RANDOM|AFPI_FILES_URL|PUBLIC_URL/.test(name) || String(value).startsWith('${ALERT_WEBHOOK')));
each('only the balancer listens for everybody', ({ ports = [] }, service) => service === 'balancer' || ports.every((port) => port.startsWith('127.0.0.1:')));
const stateful = all.filter(([name]) => /^(balancer|front-\d|backend-\d|worker|mariadb|mariadb-replica|redis)$/.test(name));
each('a health check', ({ healthcheck }) => healthcheck?.test && healthcheck.interval, stateful);
each('our own program is asked by itself', ({ healthcheck }) => healthcheck.test[1] === 'afpi', all.filter(([name]) => /^(backend-\d|worker)$/.test(name)));
each('starts after what it needs is well', ({ depends_on = {} }) => Object.values(depends_on).every(({ condition }) => condition === 'service_healthy' || condition === 'service_completed_successfully'), stateful);

const used = (key) => new Set(all.flatMap(([, settings]) => settings[key] ?? []).map((one) => String(one).split(':')[0]));
check('each secret is used and made by deploy/secrets.sh', Object.entries(secrets).filter(([name, { file }]) => !used('secrets').has(name) || file !== `secrets/${name}` || !makes(name)).map(([name]) => name));
function makes(name) {
  const script = read('deploy/secrets.sh');
  return script.includes(`keep ${name}`) || new RegExp(`for name in [^;]*\\b${name}\\b`).test(script);
}
check('each volume is used', Object.keys(volumes).filter((name) => !used('volumes').has(name)));

// Addresses stand in several places.
const address = (service) => services[service].networks.front.ipv4_address;
const nodes = (kind) => Object.keys(services).filter((name) => new RegExp(`^${kind}-\\d+$`).test(name));
const next = (kind, port) => nodes(kind).map((name) => `${address(name)}:${port}`).join(' ');
check('each nginx knows the next ones', [
  ...(services.balancer.environment.NEXT === next('front', 8080) ? [] : ['balancer']),
  ...nodes('front').filter((name) => services[name].environment.NEXT !== next('backend', 3000) || services[name].environment.BALANCER !== address('balancer')),
]);
check('the fronts are trusted, and nobody else', ['backend-1', 'worker'].filter((name) => services[name].environment.AFPI_TRUSTED_PROXIES !== nodes('front').map(address).join()));
const range = networks.front.ipam.config[0];
check('fixed addresses are outside the free ones', all.map(([, { networks: of }]) => of?.front?.ipv4_address).filter((one) => one && (!one.startsWith(range.subnet.replace(/\.0\/24$/, '.')) || Number(one.split('.')[3]) >= 128)));

// What Prometheus asks is there, and the topology without containers has the same parts.
const targets = readdirSync(new URL('../prometheus/targets', import.meta.url)).flatMap((file) => parse(read(`deploy/prometheus/targets/${file}`)));
const hosts = targets.flatMap(({ targets: list, labels }) => [...list, labels.__exporter ?? []].flat()).map((text) => text.replace(/^\w+:\/\//, '').split(/[:/]/)[0]);
check('each target is a service', hosts.filter((host) => !services[host]));
const parts = /PARTS=\(([^)]*)\)/.exec(read('scripts/topology/parts.sh'))[1].replace(/"\$\{CLUSTER_NODES\[@\]\}"/, '').split(/\s+/).filter((name) => name && name !== 'relay').map((name) => (name === 'redis-0' ? 'redis' : name));
check('the topology has the same parts', [...parts.filter((name) => !services[name]), ...Object.keys(services).filter((name) => name !== 'grafana' && name !== 'migrate' && !parts.includes(name))]);

console.log(`compose.yaml: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
