// @ts-check
/*
 * Metrics of a log archive over OpenTelemetry: the writer's positions show its progress, and the channel
 * `sealpipe:logs` shows what happens to its segments. A service uses its usual exporter instead of the one in memory.
 * (npm install @opentelemetry/sdk-metrics)
 */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { rm } from 'node:fs/promises';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { rawKey } from 'sealpipe';
import { openLogWriter } from 'sealpipe/logs';

/** @import { LogMessage, LogWriter } from 'sealpipe/logs' */

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
const meter = provider.getMeter('sealpipe');

const events = meter.createCounter('sealpipe.logs.events', {
  description:
    'Messages of sealpipe:logs: segments that began, were sealed or given up; keys that could not be obtained',
});
/** @param {unknown} message */
const onMessage = (message) => {
  const { event, archive, error } = /** @type {LogMessage} */ (message);
  events.add(1, { archive, event });
  if (error !== undefined) console.error(event, error);
};
subscribe('sealpipe:logs', onMessage);

/**
 * Measures a writer. An observation is made when metrics are collected, so no line costs anything.
 *
 * @param {LogWriter} writer
 * @param {() => number} appended lines that were given to it
 */
function measure(writer, appended) {
  const { archive } = writer;
  let durableAt = 0;
  let durable = 0;
  writer.on('positions', (positions) => {
    if (positions.durable.records > durable) durableAt = Date.now();
    durable = positions.durable.records;
  });
  const lines = meter.createObservableCounter('sealpipe.logs.lines', { unit: '{line}' });
  lines.addCallback((result) => {
    result.observe(appended(), { archive, position: 'appended' });
    result.observe(writer.positions.written.records, { archive, position: 'written' });
    result.observe(writer.positions.durable.records, { archive, position: 'durable' });
  });
  const backlog = meter.createObservableGauge('sealpipe.logs.backlog', { unit: '{line}' });
  backlog.addCallback((result) => result.observe(appended() - writer.positions.durable.records, { archive }));
  const dropped = meter.createObservableCounter('sealpipe.logs.dropped', { unit: '{line}' });
  dropped.addCallback((result) => result.observe(writer.dropped, { archive }));
  const last = meter.createObservableGauge('sealpipe.logs.last_durable_time', { unit: 's' });
  last.addCallback((result) => result.observe(durableAt / 1_000, { archive }));
}

/** What was exported last, as name, attributes and value. @returns {Promise<Map<string, number>>} */
async function collected() {
  exporter.reset();
  await provider.forceFlush();
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  const points = metrics.flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map(
      ({ attributes, value }) =>
        /** @type {const} */ ([
          [descriptor.name, attributes.event ?? attributes.position].filter(Boolean).join(' '),
          Number(value),
        ]),
    ),
  );
  return new Map(points);
}

const directory = 'archive';
await rm(directory, { recursive: true, force: true });
const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const writer = await openLogWriter({ keys, directory, flush: { interval: 60_000 } });
let appended = 0;
measure(writer, () => appended);

for (const line of ['started', 'paid', 'stopped']) {
  writer.append(line);
  appended += 1;
}
const before = await collected();
assert.equal(before.get('sealpipe.logs.backlog'), 3);

await writer.flush();
await writer.end();
const after = await collected();
for (const [name, value] of after) console.log(name, value);
assert.equal(after.get('sealpipe.logs.backlog'), 0);
assert.equal(after.get('sealpipe.logs.lines durable'), 3);
assert.equal(after.get('sealpipe.logs.dropped'), 0);
assert.equal(after.get('sealpipe.logs.events open'), 1);
assert.equal(after.get('sealpipe.logs.events sealed'), 1);
assert.ok((after.get('sealpipe.logs.last_durable_time') ?? 0) > 1_700_000_000);

unsubscribe('sealpipe:logs', onMessage);
await provider.shutdown();
