import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Packages that belong to one folder. tests/boundaries.test.ts follows the imports of whole roles as well. */
const OWNED = {
  'onnxruntime-node': 'models/engines/',
  'better-sqlite3': 'agent/store/',
  'node:net': 'agent/link/',
  mqtt: 'agent/uplink/',
  fastify: 'agent/console/',
  'node:http': '(nobody)',
  'node:https': '(nobody)',
  'node:tls': '(nobody)',
};
const boundaries = Object.values(OWNED).map((owner) => ({
  files: [`${owner}**/*.ts`],
  rules: { 'no-restricted-imports': restricted((name) => OWNED[name] !== owner) },
}));

function restricted(isForbidden) {
  const paths = Object.entries(OWNED)
    .filter(([name]) => isForbidden(name))
    .map(([name, owner]) => ({ name, message: `only ${owner} imports it` }));
  return ['error', { paths }];
}

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.cache', 'coverage', '**/*.js', '!eslint.config.js'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off', // typed-array indexing in hot loops
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['agent/**/*.ts', 'models/**/*.ts', 'hardware/**/*.ts', 'config/**/*.ts'],
    rules: { 'no-restricted-imports': restricted(() => true) },
  },
  ...boundaries,
  {
    // gpsd is reached over TCP; watch never loads the uplink.
    files: ['agent/uplink/context/gpsd.ts'],
    rules: { 'no-restricted-imports': restricted((name) => name !== 'node:net') },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
