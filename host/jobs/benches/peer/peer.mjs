// BullMQ on Node with the work of the bench: adds jobs, then drains them with one worker. Prints one line of JSON: jobs a
// second and milliseconds of this process's CPU a job, added in bulk and drained.
// node peer.mjs <redis url> <prefix> <jobs> <concurrency>
import { Queue, Worker } from 'bullmq';
import IORedis from 'ioredis';

const [url, prefix, jobs, concurrency] = [process.argv[2], process.argv[3], +process.argv[4], +process.argv[5]];
const connection = new IORedis(url, { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection, prefix });
await queue.waitUntilReady();

async function measure(work) {
  const [start, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { rate: jobs / (Number(process.hrtime.bigint() - start) / 1e9), cpu: (user + system) / 1000 / jobs };
}

const data = { payload: { opportuniteId: '0197c0de-0000-7000-8000-000000000000', event: 'created' } };
const added = await measure(async () => {
  for (let n = 0; n < jobs; n += 500) {
    const batch = Array.from({ length: Math.min(500, jobs - n) }, () => ({ name: 'noop', data, opts: { attempts: 5 } }));
    await queue.addBulk(batch);
  }
});

let worker;
const drained = await measure(
  () =>
    new Promise((done) => {
      let left = jobs;
      worker = new Worker('bench', async () => {}, { connection: connection.duplicate(), prefix, concurrency });
      worker.on('completed', () => --left || done());
    }),
);
await worker.close();
await queue.obliterate({ force: true });
await queue.close();
connection.disconnect();
console.log(JSON.stringify({ added, drained }));
process.exit(0);
