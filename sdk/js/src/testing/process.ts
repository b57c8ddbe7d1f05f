//! The harness as a child process: one line out, one line back, in order.

import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

/** A value or an error; see `protocol::Outcome`. */
export type Outcome = { ok: any } | { error: { kind: string; message: string; error: any } };

interface Waiting {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

/** A harness with a loaded plugin. */
export class Harness {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: Waiting[] = [];
  readonly #ended: Promise<void>;
  #asked = 0;

  constructor(file: string) {
    this.#child = spawn(afpi(), ['plugin', 'harness', file], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line) as Outcome),
    );
    // A harness that has ended does not read. Its end is reported below.
    this.#child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      const end = (why: string): void => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(why));
        resolve();
      };
      this.#child.on('error', (error) => end(`${afpi()} cannot be started: ${error.message}`));
      this.#child.on('close', () => end('the harness ended; what it said stands above'));
    });
  }

  /** Sends one request. */
  ask(what: Record<string, unknown>): Promise<Outcome> {
    this.#asked += 1;
    const line = `${JSON.stringify({ id: this.#asked, ...what })}\n`;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(line);
      if (this.#child.exitCode !== null)
        this.#waiting.splice(0).forEach((one) => one.reject(new Error('the harness ended')));
    });
  }

  /** Closing its input ends the harness. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}

/** Compiles and packs the plugin in `dir`. Returns the packed file. */
export async function build(dir: string): Promise<string> {
  const { stdout } = await promisify(execFile)(afpi(), ['plugin', '--json', 'build', '--dir', dir], {
    maxBuffer: 1 << 24,
  }).catch((failed: { stdout?: string; stderr?: string; message: string }) => {
    throw new Error(`the plugin does not build: ${failed.stdout ?? ''}${failed.stderr ?? failed.message}`);
  });
  return (JSON.parse(stdout) as { file: string }).file;
}

/** The `afpi` program: `AFPI_BIN`, otherwise the installed one. */
export function afpi(): string {
  return process.env['AFPI_BIN'] || 'afpi';
}
