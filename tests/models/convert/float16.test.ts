import { expect, it } from 'vitest';
import { decodeFloat16 } from '../../../models/convert/float16.ts';

it('decodes every half precision number as the language itself does', () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, index) => index);
  // Node 24 has Float16Array; the TypeScript library of es2024 does not know it yet.
  const { Float16Array } = globalThis as unknown as {
    Float16Array: new (buffer: ArrayBuffer) => ArrayLike<number>;
  };
  expect(decodeFloat16(bits)).toEqual(Float32Array.from(new Float16Array(bits.buffer)));
});
