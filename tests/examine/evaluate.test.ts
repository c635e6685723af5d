/** The examination: what counts into n, unreadable and undetected, whoever answers. */
import { describe, expect, it } from 'vitest';
import { evaluate, type Examinee } from '../../agent/examine/evaluate.ts';
import { UnreadableFile } from '../../agent/examine/picture-file.ts';

const MODEL = { name: 'oracle', precision: 'int8', sha256: 'ab' } as const;
/** Answers with the file's name; `x` cannot be read, `none` has no answer, `bug` is our own mistake. */
const named: Examinee = {
  answer(file) {
    const name = file.split('/').at(-1) ?? '';
    if (name === 'x') return Promise.reject(new UnreadableFile(`${file} is empty (0 bytes)`));
    if (name === 'bug') return Promise.reject(new TypeError('mistake'));
    if (name === 'none') return Promise.resolve({ answer: null, sex: null, latencyMs: 3 });
    return Promise.resolve({ answer: name, sex: 'male', latencyMs: 1 });
  },
  close: () => Promise.resolve(),
};
const row = (file: string, label: string, sex: 'female' | 'male' | null = null) => ({ file, label, sex });
const examine = (rows: ReturnType<typeof row>[], onUnreadable?: (reason: string) => void) =>
  evaluate({
    ...{ task: 'voice', root: '/sounds', examinee: named, model: MODEL, rows },
    ...(onUnreadable === undefined ? {} : { onUnreadable }),
  } as const);

describe('an evaluation', () => {
  it('leaves unreadable files out of the denominator, names and counts them', async () => {
    const reasons: string[] = [];
    const found = await examine([row('happy', 'happy'), row('x', 'sad'), row('a/sad', 'happy')], (r) =>
      reasons.push(r),
    );
    expect(found).toMatchObject({
      task: 'voice',
      n: 2,
      unreadable: 1,
      undetected: 0,
      accuracy: 0.5,
      model: MODEL,
    });
    expect(reasons).toEqual(['/sounds/x is empty (0 bytes)']);
  });
  it('keeps files without an answer in it, for emotion and sex alike', async () => {
    const found = await examine([
      row('happy', 'happy', 'male'),
      row('none', 'sad', 'male'),
      row('angry', 'angry', 'female'),
      row('fear', 'fear'),
    ]);
    expect(found).toMatchObject({ n: 4, undetected: 1, accuracy: 0.75, sexAccuracy: 0.3333 });
  });
  it('says nothing of the sex where the table does not', async () => {
    expect(await examine([row('happy', 'happy')])).not.toHaveProperty('sexAccuracy');
  });
  it('has exactly the keys that were promised', async () => {
    const found = await examine([row('happy', 'happy', 'male')]);
    expect(Object.keys(found).sort()).toEqual(
      [
        ...['task', 'n', 'undetected', 'unreadable', 'accuracy', 'uar', 'macroF1', 'perClass'],
        ...['confusion', 'sexAccuracy', 'latencyMs', 'model'],
      ].sort(),
    );
    expect(found.latencyMs).toEqual({ p50: 1, p95: 1 });
  });
  it('fails when there is nothing to score', async () => {
    await expect(examine([row('x', 'sad'), row('x', 'happy')])).rejects.toThrow(
      'none of the 2 files under /sounds can be read',
    );
  });
  it('does not take a mistake of the program for a bad file', async () => {
    await expect(examine([row('happy', 'happy'), row('bug', 'sad')])).rejects.toThrow(TypeError);
  });
});
