import { describe, expect, it } from 'vitest';
import { type Options, PARTS, readOptions, UsageError } from '../../bench/options.mjs';

const read = (...args: string[]): Options => {
  const options = readOptions(args);
  if (options === 'help') throw new Error('it asked for help');
  return options;
};

describe('the options of the bench', () => {
  it('ask for everything where there are none', () => {
    expect(read()).toEqual({
      parts: PARTS,
      selection: undefined,
      full: false,
      targets: false,
      json: false,
      save: undefined,
      compare: undefined,
      folder: undefined,
      fileSize: 2 ** 30,
    });
  });

  it.each([
    [['--quick'], ['streams', 'calls']],
    [['--targets'], ['streams', 'calls', 'memory', 'files']],
    [
      ['--part', 'files', '--part', 'table,memory'],
      ['files', 'table', 'memory'],
    ],
    [['--part', 'chart'], ['chart']],
    [['--chunk', '1KiB'], ['table']],
    [['--full'], ['table']],
  ])('%j measure %j', (args, parts) => expect(read(...args).parts).toEqual(parts));

  it('choose cases by any of the axes, in lists and again', () => {
    const args = [
      '--engine',
      'native,node',
      '--frame',
      '4KiB',
      '--frame',
      '1 MiB',
      '--chunk=64',
      '--layout=record',
    ];
    expect(read(...args, '--suite', 'SM4-GCM', '--direction', 'decrypt').selection).toEqual({
      engine: ['native', 'node'],
      frame: [4_096, 1_048_576],
      chunk: [64],
      layout: ['record'],
      suite: ['SM4-GCM'],
      direction: ['decrypt'],
    });
  });

  it('choose every case with --full alone', () => {
    expect(read('--full')).toMatchObject({ selection: {}, full: true });
    expect(read('--full', '--engine', 'node')).toMatchObject({ selection: { engine: ['node'] }, full: true });
  });

  it('make the files as long as the targets say', () => {
    expect(read('--targets').fileSize).toBe(8 * 2 ** 30);
    expect(read('--file-size', '256MiB').fileSize).toBe(2 ** 28);
  });

  it('can be asked about', () => expect(readOptions(['--help'])).toBe('help'));

  it.each([
    [['--slow'], '--slow'],
    [['extra'], 'extra'],
    [['--save'], '--save'],
    [['--part', 'all'], '--part all: it is one of streams, calls'],
    [['--frame', '5KiB'], '--frame 5KiB: it is one of 4 KiB, 16 KiB'],
    [['--chunk', 'big'], '--chunk big'],
    [['--engine', 'gpu'], '--engine gpu: it is one of native, node, noble'],
    [['--file-size', 'huge'], '--file-size huge'],
    [['--quick', '--targets'], 'exclude each other'],
    [['--quick', '--chunk', '64'], 'exclude each other'],
  ])('%j are refused: %s', (args, why) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(why);
  });
});
