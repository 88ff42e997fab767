import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// Not lib mode: that leaves whitespace in the bundle. `base: './'` lets lazy chunks load from
// wherever Streamlit serves the component. Hashed names, for the assets carry no max-age.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: '../build',
    emptyOutDir: true,
    target: 'es2022',
    // Native `light-dark()`: lowered, it would not follow the `color-scheme` we set.
    cssTarget: ['chrome125', 'firefox128', 'safari17.5'],
    modulePreload: false,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: 'src/index.tsx',
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'index-[hash].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  // Style is read by the test of its colours.
  test: { include: ['src/**/*.test.ts'], environment: 'node', css: true },
})
