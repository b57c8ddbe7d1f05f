// What BullMQ on Node sees of a queue, and the job that a worker of it runs. Prints one line of JSON.
// node read.mjs <redis url> <prefix> <queue>
import { Queue, Worker } from 'bullmq';
import IORedis from 'ioredis';

const [url, prefix, name] = process.argv.slice(2);
const connection = new IORedis(url, { maxRetriesPerRequest: null });
const queue = new Queue(name, { connection, prefix });
const seen = {};
for (const state of ['completed', 'failed', 'active', 'delayed', 'prioritized', 'wait']) {
  seen[state] = (await queue.getJobs([state])).map((job) => ({
    id: job.id,
    name: job.name,
    data: job.data,
    attempts: job.opts.attempts,
    made: job.attemptsMade,
    reason: job.failedReason,
  }));
}
seen.ran = await new Promise((done) => {
  const worker = new Worker(name, async () => {}, { connection: connection.duplicate(), prefix });
  worker.on('completed', (job) => done(job.id));
});
console.log(JSON.stringify(seen));
process.exit(0);
