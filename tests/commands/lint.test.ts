import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { abort, expire, prefix, rulesText, transition } from '../lint/linted.ts';

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'tiercast-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, 'lint', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    input,
  });
}

function file(name: string, ...rules: readonly object[]): string {
  writeFileSync(join(folder, name), rulesText(rules));
  return name;
}

const good = file('good.json', { ...transition(30, 'GLACIER_IR'), ...abort });
const regretted = file('regretted.json', { ...expire(1), ...prefix('/a') }, abort);
const refused = file('refused.json', transition(1, 'STANDARD_IA'), abort);

describe('exit codes', () => {
  it('0 where there is nothing to say, or what S3 would accept', () => {
    expect(lint([good])).toMatchObject({
      status: 0,
      stdout: 'nothing to say of good.json; S3 would accept it\n',
      stderr: '',
    });
    const { status, stdout } = lint([good, regretted]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^regretted\.json\n {2}1 {2}warning {2}rule 'r1': the prefix '\/a' begins with a slash.*\n/);
    expect(stdout).toMatch(/\n1 warning, 1 note in 2 files; S3 would accept all of them\n$/);
  });

  it('1 for what S3 would refuse, and with --strict for warnings, but not for notes', () => {
    const { status, stdout } = lint([good, refused]);
    expect(status).toBe(1);
    expect(stdout).toContain(
      "  1  error    rule 'r1': InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'\n",
    );
    expect(stdout).toMatch(/\n1 error in 2 files; S3 would refuse 1 of them\n$/);
    expect(lint([regretted, '--strict']).status).toBe(1);
    const disabled = file('disabled.json', abort, { ...expire(1), Status: 'Disabled' });
    expect(lint([disabled, '--strict'])).toMatchObject({ status: 0, stdout: expect.stringContaining('1 note in ') });
  });

  it('1 for a file that is not there, after what there is to say of the others', () => {
    const { status, stdout } = lint([good, 'absent.json']);
    expect(status).toBe(1);
    expect(stdout).toBe(
      'absent.json\n     error    there is no such file\n\n1 error in 2 files; 1 of them cannot be read\n',
    );
  });

  it.each([
    [['--object-size', 'big', good], "--object-size 'big' is not a size of an object such as 200000 or 200KB"],
    [['--object-size', '0', good], "--object-size '0' is not a size"],
    [['--object-size', '60TB', good], "--object-size '60TB' is not a size"],
    [['--versioning', 'on', good], "argument 'on' is invalid. Allowed choices are enabled, suspended, unversioned."],
    [['--region', 'us-east-7', good], "no prices for region 'us-east-7'; did you mean 'us-east-1'?"],
    [['-', '-'], 'standard input can be read only once'],
    [[], "missing required argument 'rules'"],
  ])('2 for %j', (args, words) => {
    const { status, stderr } = lint(args);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});

it('reads standard input, JSON or XML', () => {
  const xml = '<LifecycleConfiguration>\n<Rule><Status>Enabled</Status></Rule></LifecycleConfiguration>';
  expect(lint(['-'], xml).stdout).toMatch(/^standard input\n {2}2 {2}error {4}rule 'rule 1': MalformedXML: /);
});

it('takes the versioning of the bucket and the typical size of objects', () => {
  const rules = file('both.json', { ...transition(30, 'GLACIER'), ...expire(365) }, abort);
  expect(lint([rules]).stdout).toContain('Say --versioning');
  expect(lint([rules, '--versioning', 'enabled']).stdout).toContain('[noncurrent-kept]');
  expect(lint([rules, '--object-size', '100KB']).stdout).toContain('does not move objects of 100 KiB');
  expect(lint([rules, '--object-size', '1.5 MiB']).stdout).toContain('pays for objects of 1.5 MiB');
  expect(lint([rules, '--object-size', '1048576']).stdout).toContain('pays for objects of 1 MiB');
});

it("uses the region's prices", () => {
  const rules = file('region.json', { ...transition(30, 'STANDARD_IA'), ...expire(90) }, abort);
  const said = (region: string) => /under ([\d.]+ [KM]iB)/.exec(lint([rules, '--region', region]).stdout)![1];
  expect(said('us-east-1')).toBe('507 KiB');
  expect(said('sa-east-1')).not.toBe('507 KiB');
});

it('uses your own prices', () => {
  const rules = file('own.json', { ...transition(30, 'STANDARD_IA'), ...expire(90) }, abort);
  const half = { extends: 'us-east-1', discounts: [{ usageType: 'Requests-Tier4', percent: '50' }] };
  writeFileSync(join(folder, 'half.json'), JSON.stringify(half));
  // Half the request is saved by half the size.
  expect(lint([rules, '--prices', 'half.json']).stdout).toContain('for objects under 253 KiB');
  const { status, stderr } = lint([rules, '--prices', 'half.json', '--region', 'eu-west-1']);
  expect([status, stderr]).toEqual([
    2,
    "tiercast: --prices 'half.json' has the prices of us-east-1, not of 'eu-west-1'\n",
  ]);
});

it('prints JSON for a program', () => {
  const { status, stdout } = lint([refused, regretted, '--json']);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'tiercast.lint/1',
    region: 'us-east-1',
    errors: 1,
    warnings: 1,
    files: [
      { file: 'refused.json', accepted: false, findings: [{ severity: 'error', code: 'InvalidArgument', rule: 'r1' }] },
      { file: 'regretted.json', accepted: true },
    ],
  });
});
