import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `acquit serve` listens while the web app is developed beside it. */
const API = 'http://127.0.0.1:4180';

export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2023', sourcemap: false, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 4181, proxy: { '/api': API } },
});
