/** A policy document of IAM or of a bucket, as far as this server reads it. */
export interface Policy {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One thing that a request does, with what its conditions may ask about. */
export interface Access {
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly facts: Readonly<Record<string, string | undefined>>;
}

/** What the policies say: a Deny wins, and what nothing allows is not allowed. */
export function allows(policies: readonly Policy[], access: Access): boolean {
  return !denies(policies, access) && matching(policies, 'Allow', access);
}

/** Whether a policy forbids it expressly. */
export function denies(policies: readonly Policy[], access: Access): boolean {
  return matching(policies, 'Deny', access);
}

function matching(policies: readonly Policy[], effect: Statement['Effect'], access: Access): boolean {
  return policies.some(({ Statement }) =>
    Statement.some((one) => one.Effect === effect && isAbout(one, access)),
  );
}

function isAbout({ Action, Resource, Condition = {} }: Statement, access: Access): boolean {
  return (
    listOf(Action).some((pattern) => isLike(access.action.toLowerCase(), pattern.toLowerCase())) &&
    listOf(Resource).some((pattern) => isLike(access.resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, factOf(access, key), listOf(wanted))),
    )
  );
}

/** The names of facts know no case. */
function factOf({ facts }: Access, key: string): string | undefined {
  return Object.entries(facts).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function holds(operator: string, fact: string | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(fact === undefined));
  const ifExists = operator.endsWith('IfExists');
  const name = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  const isNegated = name.includes('Not');
  if (fact === undefined) return ifExists || isNegated;
  const compare = COMPARISONS[name];
  if (compare === undefined) throw new Error(`the condition ${operator} is not known here`);
  return wanted.some((one) => compare(fact, one)) !== isNegated;
}

/** How a fact meets one wanted value; a negated operator compares as its opposite does. */
const COMPARISONS: Readonly<Record<string, (fact: string, wanted: string) => boolean>> = {
  StringEquals: (fact, wanted) => fact === wanted,
  StringNotEquals: (fact, wanted) => fact === wanted,
  StringLike: isLike,
  StringNotLike: isLike,
  Bool: (fact, wanted) => fact === wanted,
  NumericLessThan: (fact, wanted) => Number(fact) < Number(wanted),
  NumericGreaterThan: (fact, wanted) => Number(fact) > Number(wanted),
  ArnLike: isLike,
};

function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
