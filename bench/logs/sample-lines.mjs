// @ts-check

/** Lines as a logger of HTTP requests writes them. @param {number} [count] */
export function sampleLines(count = 1_000) {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      level: 30,
      time: 1_800_000_000_000 + i,
      pid: 4_321,
      hostname: 'web-1',
      req: { id: Math.random().toString(36).slice(2), method: 'GET', url: `/orders/${i}` },
      responseTime: Math.random() * 100,
      msg: 'request completed',
    }),
  );
}
