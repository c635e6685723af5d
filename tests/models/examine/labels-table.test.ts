/** Tables of labelled files: what is read, and how a fault is said. */
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../../models/examine/labels-table.ts';

const read = (text: string) => readLabels(text, 'labels.csv', ['open', 'closed']);

describe('a table of labels', () => {
  it('may have its columns in any order, others beside them, and Windows line ends', () => {
    expect(read('split,label,file\r\ntest,open,a/1.png\r\ntest,closed,b.png\r\n')).toEqual([
      { file: 'a/1.png', label: 'open', sex: null },
      { file: 'b.png', label: 'closed', sex: null },
    ]);
  });
  it('may quote names with commas and quotes', () => {
    expect(read('file,label\n"a, ""b"".png",Open\n')).toEqual([
      { file: 'a, "b".png', label: 'open', sex: null },
    ]);
  });
  it('says the sex where it has one', () => {
    const rows = read('\uFEFFfile,label,speaker,sex\n1,open,x,Female\n2,open,y,\n');
    expect(rows.map((row) => row.sex)).toEqual(['female', null]);
  });
  it('takes an empty cell for an empty cell', () => {
    expect(read('file,speaker,label\nx.png,,open\n')[0]).toEqual({ file: 'x.png', label: 'open', sex: null });
  });
  it.each([
    [
      'without the columns',
      'name,class\nx,open\n',
      /labels\.csv: the first line must name the columns file,label/,
    ],
    ['without rows', 'file,label\n\n', /labels\.csv: there is no row below/],
    [
      'of another task',
      'file,label\nx,open\ny,happy\n',
      /labels\.csv, line 3: label: found "happy", wanted one of open, closed/,
    ],
    ['without a file', 'file,label\n,open\n', /labels\.csv, line 2: file: found nothing, wanted a path/],
    ['with an unknown sex', 'file,label,sex\nx,open,f\n', /line 2: sex: found "f", wanted female or male/],
  ])('is refused %s', (_, text, sentence) => {
    expect(() => read(text)).toThrow(sentence);
  });
});
